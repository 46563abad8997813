package dev.leasehold.enclave.meter;

import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Lease;
import java.util.OptionalLong;

/**
 * The two instants of protocol §9.5: after the deadline nothing is served, at {@code wipeAt} the
 * enclave ends. Both count from when the answered message was first sent, never from when the
 * answer came. Times are {@link System#nanoTime} values, compared by difference.
 */
final class DeadMan {
  private static final long NANOS_PER_MS = 1_000_000;

  /** Longer durations are cut to this (3 years), so that sums stay far from overflow. */
  private static final long MAX_MS = 100_000_000_000L;

  private long deadline;
  private long wipeAt;
  private OptionalLong holdSince = OptionalLong.empty();

  DeadMan(long nowNanos) {
    deadline = nowNanos;
    wipeAt = nowNanos;
  }

  long deadline() {
    return deadline;
  }

  long wipeAt() {
    return wipeAt;
  }

  /** A grant that counts as RUN or DRAIN. */
  void renewed(Grant grant, Lease lease, long firstSent) {
    deadline = firstSent + ttlNanos(grant.ttlMs(), lease.rhoPermille());
    wipeAt = deadline + nanos(lease.graceMs());
    holdSince = OptionalLong.empty();
  }

  /** A grant that counts as HOLD: the weights may stay longer, but nothing more is served. */
  void held(Grant grant, Lease lease, long firstSent, long now) {
    holding(now);
    long byTtl = firstSent + nanos(grant.ttlMs()) + nanos(lease.graceMs());
    long bySuspension = holdSince.getAsLong() + nanos(lease.suspendGraceMs());
    wipeAt = later(wipeAt, earlier(byTtl, bySuspension));
  }

  /** The mode is HOLD from now on, if it was not before. */
  void holding(long now) {
    if (holdSince.isEmpty()) {
      holdSince = OptionalLong.of(now);
    }
  }

  /** The mode is no longer HOLD. */
  void released() {
    holdSince = OptionalLong.empty();
  }

  boolean expired(long now) {
    return now - deadline >= 0;
  }

  boolean mustWipe(long now) {
    return now - wipeAt >= 0;
  }

  /** {@code floor(ttlMs·1000/(1000+rhoPermille))}: a clock may run slow by that much (§6.3). */
  private static long ttlNanos(long ttlMs, long rhoPermille) {
    long ms = Math.min(ttlMs, MAX_MS);
    return ms * 1000 / (1000 + rhoPermille) * NANOS_PER_MS;
  }

  private static long nanos(long ms) {
    return Math.min(ms, MAX_MS) * NANOS_PER_MS;
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }

  private static long later(long a, long b) {
    return a - b < 0 ? b : a;
  }
}
