package dev.leasehold.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.adversary.world.Ledgers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Random hosts against a real custodian and real enclaves (abuse catalogue, "Common oracle"). Seeds
 * count from one, so that every run of the build runs the same schedules; {@code
 * -Dleasehold.seeds=FROM-TO} runs others, and {@code -Dleasehold.seed=N} runs a single one and
 * prints it. One that fails is printed at once, and the others are run all the same. The custodian
 * of one seed in eight is two nodes that share a PostgreSQL server.
 */
class SchedulesTest {
  private static final boolean NIGHTLY =
      System.getProperty("leasehold.scale", "verify").equals("nightly");
  private static final String COUNTED = NIGHTLY ? "1-10000" : "1-300";
  private static final int ONE_IN = 8;

  /** So often a long run tells how far it is. */
  private static final int TOLD_EVERY = 500;

  @Test
  void whateverTheHostDoesTheOracleIsContent() {
    String only = System.getProperty("leasehold.seed", "");
    if (!only.isEmpty()) {
      System.out.println(run(Long.parseLong(only)).text());
      return;
    }
    String[] range = System.getProperty("leasehold.seeds", COUNTED).split("-", 2);
    assertThat(failing(Long.parseLong(range[0]), Long.parseLong(range[1])))
        .as("seeds that fail; -Dleasehold.seed=N runs one of them again")
        .isEmpty();
  }

  private static List<Long> failing(long from, long to) {
    List<Long> failed = new ArrayList<>();
    for (long seed = from; seed <= to; seed++) {
      try {
        run(seed);
      } catch (Run.Failed e) {
        failed.add(seed);
        System.out.println(e.getMessage());
      }
      if (seed % TOLD_EVERY == 0) {
        System.out.println("schedules " + from + " to " + seed + " run, failed: " + failed);
      }
    }
    return failed;
  }

  private static Trace run(long seed) {
    boolean shared = seed % ONE_IN == 0;
    return Run.of(Schedule.of(seed), shared ? PostgresLedgers.shared() : Ledgers.SQLITE);
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (long seed : new long[] {1, 2, ONE_IN, 2 * ONE_IN}) {
      assertThat(run(seed).hash()).as("schedule " + seed).isEqualTo(run(seed).hash());
    }
  }
}
