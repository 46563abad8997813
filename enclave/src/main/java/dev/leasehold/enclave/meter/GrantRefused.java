package dev.leasehold.enclave.meter;

/** A grant that the enclave drops, and the check it failed (protocol §6.3, enclave, 1 to 4). */
public final class GrantRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** The checks in the order they are made. */
  public enum Check {
    /** Signed by a grant key valid when it was issued. */
    SIGNATURE,
    /** Addressed to this key, instance, epoch and incarnation. */
    ADDRESSEE,
    /** Answers the outstanding message and follows the last accepted grant. */
    CHAIN,
    /** Within the lease's ceilings. */
    CEILINGS
  }

  private final Check check;

  GrantRefused(Check check, String what, Object expected, Object found) {
    super(check + ": " + what + ": expected " + expected + ", found " + found, null, false, false);
    this.check = check;
  }

  public Check check() {
    return check;
  }

  static void require(boolean holds, Check check, String what, Object expected, Object found)
      throws GrantRefused {
    if (!holds) {
      throw new GrantRefused(check, what, expected, found);
    }
  }
}
