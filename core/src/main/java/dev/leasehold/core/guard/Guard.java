package dev.leasehold.core.guard;

import dev.leasehold.core.lease.Vec;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * The only mutable lease state of an enclave and the only class that can create a {@link Permit}.
 *
 * <p>Work is charged before it is done, in one compare-and-swap for all components, against an
 * absolute allowance that only ever grows. So {@code charged ≤ allow} at every instant, whatever
 * threads race (protocol §3, local lemma). Times are {@link System#nanoTime} values, compared by
 * difference.
 */
public final class Guard {
  /**
   * One consistent view.
   *
   * @param mode what may be done
   * @param allow the absolute allowance of the newest accepted grant
   * @param before the allowance before that grant: what it did not raise will not grow soon
   * @param charged work charged since boot, used or not
   * @param deadlineNanos nothing is served from this instant on
   */
  public record State(Mode mode, Vec allow, Vec before, Vec charged, long deadlineNanos) {
    public Vec left() {
      return allow.minus(charged);
    }

    private State withCharged(Vec c) {
      return new State(mode, allow, before, c, deadlineNanos);
    }
  }

  private final AtomicReference<State> ref;
  private final AtomicInteger outstanding = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long changes;

  /** A guard that allows nothing until the first grant. */
  public Guard(long nowNanos) {
    ref = new AtomicReference<>(new State(Mode.HOLD, Vec.ZERO, Vec.ZERO, Vec.ZERO, nowNanos));
  }

  /**
   * Charges {@code need} and returns the permit for it, or says why not. Nothing is charged then.
   */
  public Permit acquire(Vec need, long nowNanos) throws Denied {
    outstanding.incrementAndGet();
    boolean granted = false;
    try {
      for (; ; ) {
        State s = ref.get();
        boolean admission = need.requests() > 0;
        if (s.mode != Mode.RUN && !(s.mode == Mode.DRAIN && !admission)) {
          throw Denied.mode(s.mode);
        }
        if (nowNanos - s.deadlineNanos >= 0) {
          throw Denied.deadline();
        }
        Vec charged = s.charged.plus(need);
        if (!charged.atMost(s.allow)) {
          throw Denied.exhausted(need, s.left());
        }
        if (ref.compareAndSet(s, s.withCharged(charged))) {
          granted = true;
          return new Permit(this, need);
        }
      }
    } finally {
      if (!granted) {
        released();
      }
    }
  }

  /** Checked again after the step: tokens made by then may still not be shown. */
  public boolean mayEmit(long nowNanos) {
    State s = ref.get();
    return (s.mode == Mode.RUN || s.mode == Mode.DRAIN) && nowNanos - s.deadlineNanos < 0;
  }

  public State state() {
    return ref.get();
  }

  /** Takes a newer absolute allowance. It never shrinks. */
  public void raise(Vec allow) {
    update(s -> new State(s.mode, s.allow.max(allow), s.allow, s.charged, s.deadlineNanos));
  }

  /** Moves the deadline. Only a grant of mode RUN or DRAIN may do so (protocol §9.5). */
  public void renew(long deadlineNanos) {
    update(s -> new State(s.mode, s.allow, s.before, s.charged, deadlineNanos));
  }

  /** Changes the mode; from STOP there is no way back. */
  public void mode(Mode mode) {
    update(s ->
        s.mode == Mode.STOP ? s : new State(mode, s.allow, s.before, s.charged, s.deadlineNanos));
  }

  /** How often the state was changed by a grant or a command; see {@link #awaitChange}. */
  public long changes() {
    lock.lock();
    try {
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something changed after {@code seen}, or the time is over; returns the count. */
  public long awaitChange(long seen, long timeoutNanos) throws InterruptedException {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (changes == seen && left > 0) {
        left = changed.awaitNanos(left);
      }
      return changes;
    } finally {
      lock.unlock();
    }
  }

  /** After STOP: waits until every permit is closed, at most the given time. */
  public boolean awaitIdle(long timeout, TimeUnit unit) throws InterruptedException {
    lock.lock();
    try {
      long left = unit.toNanos(timeout);
      while (outstanding.get() > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return outstanding.get() == 0;
    } finally {
      lock.unlock();
    }
  }

  void released() {
    if (outstanding.decrementAndGet() == 0 && ref.get().mode == Mode.STOP) {
      signal(false);
    }
  }

  private void update(UnaryOperator<State> change) {
    ref.updateAndGet(change);
    signal(true);
  }

  private void signal(boolean isChange) {
    lock.lock();
    try {
      if (isChange) {
        changes++;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
