package dev.leasehold.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.adversary.world.Ledgers;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random hosts against a real custodian and real enclaves (abuse catalogue, "Common oracle"). Seeds
 * count from one, so that every run of the build runs the same schedules; {@code
 * -Dleasehold.seed=N} runs a single one and prints it. The custodian of one seed in eight is two
 * nodes that share a PostgreSQL server.
 */
class SchedulesTest {
  private static final boolean NIGHTLY =
      System.getProperty("leasehold.scale", "verify").equals("nightly");
  private static final int SCHEDULES = NIGHTLY ? 10_000 : 300;
  private static final int ONE_IN = 8;

  @Test
  void whateverTheHostDoesTheOracleIsContent() {
    String only = System.getProperty("leasehold.seed", "");
    if (!only.isEmpty()) {
      System.out.println(run(Long.parseLong(only)).text());
      return;
    }
    LongStream.rangeClosed(1, SCHEDULES).forEach(SchedulesTest::run);
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
