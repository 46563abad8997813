package dev.leasehold.custodian.collateral;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When each service may be asked again. A service in trouble is left alone for twice as long after
 * each failure, with jitter, so that custodians who failed together do not come back together; and
 * never before the moment it named itself.
 */
final class Backoff {
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofMinutes(10);
  private static final Duration LONGEST_NAMED = Duration.ofHours(6);
  private static final int DOUBLINGS = 20;

  private final InstantSource clock;
  private final RandomGenerator random;
  private final Map<Source, Trouble> troubles = new EnumMap<>(Source.class);

  private record Trouble(int failures, Instant until, String reason) {}

  Backoff(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  /** The next moment at which the service may be asked: now, or when it has been left alone. */
  synchronized Instant next(Source source) {
    Instant now = clock.instant();
    return Optional.ofNullable(troubles.get(source))
        .map(t -> t.until)
        .filter(now::isBefore)
        .orElse(now);
  }

  /** What the service is left alone for. */
  synchronized String reason(Source source) {
    return Optional.ofNullable(troubles.get(source)).map(t -> t.reason).orElse("nothing");
  }

  synchronized void succeeded(Source source) {
    troubles.remove(source);
  }

  /**
   * The service failed or refused for now.
   *
   * @param reason for people
   * @param named how long it said to wait; an absurd wish is cut to six hours
   */
  synchronized void failed(Source source, String reason, Optional<Duration> named) {
    int failures = Optional.ofNullable(troubles.get(source)).map(t -> t.failures).orElse(0);
    Duration step = shorter(LONGEST, FIRST.multipliedBy(1L << Math.min(failures, DOUBLINGS)));
    Duration own = step.dividedBy(2).plus(part(step.dividedBy(2)));
    Duration wish = named.map(d -> shorter(LONGEST_NAMED, d)).orElse(Duration.ZERO);
    Duration asked = wish.plus(part(wish.dividedBy(10)));
    Duration pause = own.compareTo(asked) > 0 ? own : asked;
    troubles.put(source, new Trouble(failures + 1, clock.instant().plus(pause), reason));
  }

  private Duration part(Duration of) {
    return of.isZero() ? of : Duration.ofMillis(random.nextLong(of.toMillis() + 1));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
