package dev.leasehold.custodian.collateral;

import java.time.Instant;

/**
 * Lets time pass between two attempts. It ends at a moment and does not last a time, so that those
 * who wait for one service at once wait once.
 */
interface Pause {
  void until(Instant moment) throws InterruptedException;
}
