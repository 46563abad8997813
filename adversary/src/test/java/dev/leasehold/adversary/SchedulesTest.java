package dev.leasehold.adversary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random hosts against a real custodian and real enclaves (abuse catalogue, "Common oracle"). Seeds
 * count from one, so that every run of the build runs the same schedules; {@code
 * -Dleasehold.seed=N} runs a single one and prints it.
 */
class SchedulesTest {
  private static final boolean NIGHTLY =
      System.getProperty("leasehold.scale", "verify").equals("nightly");
  private static final int SCHEDULES = NIGHTLY ? 10_000 : 300;

  @Test
  void whateverTheHostDoesTheOracleIsContent() {
    String only = System.getProperty("leasehold.seed", "");
    if (!only.isEmpty()) {
      System.out.println(Run.of(Schedule.of(Long.parseLong(only))).text());
      return;
    }
    LongStream.rangeClosed(1, SCHEDULES).forEach(seed -> Run.of(Schedule.of(seed)));
  }

  @Test
  void theSameSeedIsTheSameRun() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(Run.of(Schedule.of(seed)).hash())
          .as("schedule " + seed)
          .isEqualTo(Run.of(Schedule.of(seed)).hash());
    }
  }
}
