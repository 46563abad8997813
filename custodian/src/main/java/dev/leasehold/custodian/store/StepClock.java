package dev.leasehold.custodian.store;

import java.time.InstantSource;

/**
 * The time of transactions: the wall clock, never backwards. A transaction that runs alone gets a
 * time no other transaction has, so that "registered since that grant" is never a tie.
 */
public final class StepClock {
  private final InstantSource source;
  private long last;
  private boolean lastWasAlone;

  public StepClock(InstantSource source) {
    this.source = source;
  }

  synchronized long next(boolean alone) {
    long earliest = alone || lastWasAlone ? last + 1 : last;
    last = Math.max(source.millis(), earliest);
    lastWasAlone = alone;
    return last;
  }

  /** For reading only. */
  synchronized long peek() {
    return Math.max(source.millis(), last);
  }
}
