package dev.leasehold.custodian;

import dev.leasehold.custodian.store.CrashPoints;
import java.security.SecureRandom;
import java.time.Clock;

/**
 * What tests hold in their hands and production does not: no option, file or variable leads here.
 *
 * @param random where nonces and identifiers come from
 * @param crashes where a commit may be cut off
 */
public record Instruments(Clock clock, SecureRandom random, CrashPoints crashes) {
  /** This clock, and nothing else out of the ordinary. */
  public static Instruments of(Clock clock) {
    return new Instruments(clock, new SecureRandom(), CrashPoints.NONE);
  }

  public Instruments with(SecureRandom other) {
    return new Instruments(clock, other, crashes);
  }

  public Instruments with(CrashPoints other) {
    return new Instruments(clock, random, other);
  }
}
