package dev.leasehold.core.guard;

import dev.leasehold.core.lease.Vec;

/** The guard's answer when work must not be done, and why. */
public final class Denied extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  private Denied(Reason reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  static Denied mode(Mode mode) {
    return new Denied(Reason.MODE, "the lease is in mode " + mode);
  }

  static Denied deadline() {
    return new Denied(Reason.DEADLINE, "the newest grant has expired and no other has come");
  }

  static Denied exhausted(Vec need, Vec left) {
    return new Denied(Reason.EXHAUSTED, "needed " + need + ", left of the allowance " + left);
  }

  public Reason reason() {
    return reason;
  }

  /** Why work was denied. */
  public enum Reason {
    /** HOLD, STOP, or an admission while draining. */
    MODE,
    /** The dead-man: no fresh grant before the deadline. */
    DEADLINE,
    /** The allowance does not cover the work. */
    EXHAUSTED
  }
}
