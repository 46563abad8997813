package dev.leasehold.custodian.store;

import java.time.InstantSource;

/**
 * The time of transactions: the database's clock, never backwards here. Replicas that share a
 * database share its clock; what is compared across them allows for its being set.
 */
final class StepClock {
  private final InstantSource running;
  private long ahead;
  private long last;

  /** A clock that, between two looks at the database's, goes on as {@code running} does. */
  StepClock(InstantSource running) {
    this.running = running;
  }

  /** The time of the next transaction, which begins at {@code database} by the database's clock. */
  synchronized long next(long database) {
    ahead = database - running.millis();
    last = Math.max(database, last);
    return last;
  }

  /** For reading only. */
  synchronized long peek() {
    return Math.max(running.millis() + ahead, last);
  }
}
