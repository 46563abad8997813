package dev.leasehold.core.guard;

import dev.leasehold.core.lease.Vec;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Permission for one piece of work that is already charged. An engine calls {@link #consume} before
 * its kernel and the caller closes the permit after it; {@link Guard#awaitIdle} waits for that.
 */
public final class Permit implements AutoCloseable {
  private static final int FRESH = 0;
  private static final int CONSUMED = 1;
  private static final int CLOSED = 2;

  private final Guard guard;
  private final Vec covers;
  private final AtomicInteger state = new AtomicInteger(FRESH);

  Permit(Guard guard, Vec covers) {
    this.guard = guard;
    this.covers = covers;
  }

  /** What was charged for this permit; the work must need no more. */
  public Vec covers() {
    return covers;
  }

  /** Uses the permit up. A second call is a bug and throws. */
  public void consume() {
    if (!state.compareAndSet(FRESH, CONSUMED)) {
      throw new IllegalStateException("a permit covers one piece of work and this one is used");
    }
  }

  /** The work is over. The charge stays, used or not. */
  @Override
  public void close() {
    if (state.getAndSet(CLOSED) != CLOSED) {
      guard.released();
    }
  }
}
