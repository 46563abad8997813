package dev.leasehold.custodian.collateral;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.testkit.time.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a service in trouble is left alone. */
class BackoffTest {
  private final ManualClock clock = new ManualClock(0);
  private final Backoff backoff = new Backoff(clock, new SplittableRandom(1));

  @Test
  void pausesDoubleWithJitterUpToTheLongest() {
    for (int i = 0; i < 40; i++) {
      backoff.failed(Source.AMD_KDS, "status 500", Optional.empty());
      Duration step = Duration.ofSeconds(Math.min(600, 1L << Math.min(i, 20)));
      assertThat(left(backoff, Source.AMD_KDS)).isBetween(step.dividedBy(2), step);
    }
    assertThat(backoff.reason(Source.AMD_KDS)).isEqualTo("status 500");
    assertThat(left(backoff, Source.INTEL_PCS)).isZero();
    backoff.succeeded(Source.AMD_KDS);
    assertThat(left(backoff, Source.AMD_KDS)).isZero();
  }

  @Test
  void nobodyComesBackAtTheSameMoment() {
    long different =
        LongStream.range(0, 50)
            .map(seed -> {
              Backoff b = new Backoff(clock, new SplittableRandom(seed));
              b.failed(Source.AMD_KDS, "", Optional.of(Duration.ofMinutes(1)));
              return left(b, Source.AMD_KDS).toMillis();
            })
            .distinct()
            .count();
    assertThat(different).isGreaterThan(40);
  }

  @Test
  void aNamedTimeIsHonouredButNotAnAbsurdOne() {
    backoff.failed(Source.AMD_KDS, "", Optional.of(Duration.ofMinutes(30)));
    assertThat(left(backoff, Source.AMD_KDS))
        .isBetween(Duration.ofMinutes(30), Duration.ofMinutes(33));
    clock.advance(Duration.ofMinutes(33).toMillis());
    assertThat(left(backoff, Source.AMD_KDS)).isZero();
    backoff.failed(Source.AMD_KDS, "", Optional.of(Duration.ofDays(3650)));
    assertThat(left(backoff, Source.AMD_KDS)).isLessThan(Duration.ofHours(7));
  }

  private Duration left(Backoff backoff, Source source) {
    return Duration.between(clock.instant(), backoff.next(source));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0",
        "120|120",
        " 7 |7",
        "99999999999999999999|2147483647",
        "Thu, 01 Jan 1970 00:01:00 GMT|60",
        "Wed, 31 Dec 1969 23:00:00 GMT|0"
      })
  void readsSecondsAndDates(String value, long seconds) {
    assertThat(RetryAfter.parse(value, Instant.EPOCH)).contains(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({"''", "soon", "-1", "1.5", "Thu 01 Jan"})
  void anythingElseIsNoTime(String value) {
    assertThat(RetryAfter.parse(value, Instant.EPOCH)).isEmpty();
  }
}
