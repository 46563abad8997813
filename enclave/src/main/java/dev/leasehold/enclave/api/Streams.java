package dev.leasehold.enclave.api;

import java.util.concurrent.TimeUnit;

/** Answers that are on their way. Once ended, all end soon and none is begun. */
final class Streams {
  private int open;
  private boolean ended;

  /** Begins an answer; false when none may begin. */
  synchronized boolean enter() {
    if (!ended) {
      open++;
    }
    return !ended;
  }

  synchronized void leave() {
    open--;
    notifyAll();
  }

  synchronized boolean ended() {
    return ended;
  }

  /** Ends all; true when the last has left in time. */
  synchronized boolean end(long timeout, TimeUnit unit) throws InterruptedException {
    ended = true;
    long until = System.nanoTime() + unit.toNanos(timeout);
    while (open > 0 && until - System.nanoTime() > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
    }
    return open == 0;
  }
}
