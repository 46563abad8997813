package dev.leasehold.custodian.revoke;

import dev.leasehold.core.bytes.Id;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes those who wait for a lease's next command, as soon as it is committed. */
public final class CommandHub implements AutoCloseable {
  private final Map<Id, Bell> bells = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** The lease's newest command is this one; told twice, or late, it does no harm. */
  public void announce(Id lease, long cseq) {
    bell(lease).ring(cseq);
  }

  /**
   * Waits until the lease has a command after {@code cseq}.
   *
   * @return its newest; none when the time is over or the server stops
   */
  public OptionalLong await(Id lease, long cseq, long millis) throws InterruptedException {
    OptionalLong newest = closed ? OptionalLong.empty() : bell(lease).await(cseq, millis);
    return closed ? OptionalLong.empty() : newest;
  }

  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    bells.values().forEach(b -> b.ring(Long.MAX_VALUE));
  }

  private Bell bell(Id lease) {
    return bells.computeIfAbsent(lease, id -> new Bell());
  }

  /** The newest cseq announced, and who waits for the next. */
  private static final class Bell {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition rung = lock.newCondition();
    private long newest;

    void ring(long cseq) {
      lock.lock();
      try {
        newest = Math.max(newest, cseq);
        rung.signalAll();
      } finally {
        lock.unlock();
      }
    }

    OptionalLong await(long cseq, long millis) throws InterruptedException {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      lock.lock();
      try {
        while (newest <= cseq && left > 0) {
          left = rung.awaitNanos(left);
        }
        return newest > cseq ? OptionalLong.of(newest) : OptionalLong.empty();
      } finally {
        lock.unlock();
      }
    }
  }
}
