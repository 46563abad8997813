package dev.leasehold.custodian.collateral;

import java.time.Duration;

/** Lets time pass between two attempts. */
interface Pause {
  void last(Duration d) throws InterruptedException;
}
