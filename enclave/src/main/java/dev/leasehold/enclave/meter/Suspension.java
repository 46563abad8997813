package dev.leasehold.enclave.meter;

/**
 * Whether the lease is suspended, from what was issued and never from the order it arrived in
 * (protocol §6.4): the newest stop that was seen against the newest stop that the approvers have
 * lifted.
 */
final class Suspension {
  private long suspendedAt;
  private long resumedThrough;

  /** Starts at grant 0: older commands were settled before this enclave existed. */
  Suspension(long cseq) {
    suspendedAt = cseq;
    resumedThrough = cseq;
  }

  /** A SUSPEND command or a grant of mode HOLD. */
  void suspended(long cseq) {
    suspendedAt = Math.max(suspendedAt, cseq);
  }

  /** A RESUME order that lifts every stop up to this one. */
  void resumed(long afterCseq) {
    resumedThrough = Math.max(resumedThrough, afterCseq);
  }

  long suspendedAt() {
    return suspendedAt;
  }

  boolean isSuspended() {
    return suspendedAt > resumedThrough;
  }
}
