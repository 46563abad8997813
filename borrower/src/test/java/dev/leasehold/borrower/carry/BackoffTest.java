package dev.leasehold.borrower.carry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void doublesFrom200MillisecondsToFiveSecondsWithinAFifth() {
    Random random = new Random(7);
    long[] expected = {200, 400, 800, 1_600, 3_200, 5_000, 5_000};
    for (int i = 0; i < expected.length; i++) {
      for (int n = 0; n < 100; n++) {
        assertThat(Backoff.DEFAULT.pause(i, random))
            .isBetween(
                Duration.ofMillis(expected[i] * 8 / 10), Duration.ofMillis(expected[i] * 12 / 10));
      }
    }
    assertThat(Backoff.DEFAULT.pause(1_000_000, random)).isLessThan(Duration.ofSeconds(7));
  }
}
