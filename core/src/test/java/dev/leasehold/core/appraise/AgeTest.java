package dev.leasehold.core.appraise;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 seconds",
    "PT8.901S, 9 seconds",
    "PT60S, 1 minute",
    "PT59M59S, 59 minutes 59 seconds",
    "PT1H, 1 hour",
    "PT23H59M2S, 23 hours 59 minutes",
    "PT24H, 1 day",
    "PT168H, 7 days",
    "PT168H0.001S, 7 days 1 second",
    "PT-3S, -3 seconds"
  })
  void theTwoLargestUnits(Duration age, String words) {
    assertThat(Age.inWords(age)).isEqualTo(words);
  }
}
