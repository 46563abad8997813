package dev.leasehold.borrower.carry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing pauses between attempts: doubling up to a limit, each ±20 % (protocol §9.6(2)).
 *
 * @param patience how long an enclave is kept waiting before it is told to try again
 */
public record Backoff(Duration first, Duration limit, Duration patience) {
  public static final Backoff DEFAULT =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(25));

  private static final double JITTER = 0.2;

  /** How long to wait after so many failures, counted from 0. */
  Duration pause(int failures, RandomGenerator random) {
    double doubled = (double) first.toMillis() * Math.pow(2, Math.min(failures, 30));
    double base = Math.min(doubled, (double) limit.toMillis());
    return Duration.ofMillis(Math.round(base * (1 - JITTER + 2 * JITTER * random.nextDouble())));
  }
}
