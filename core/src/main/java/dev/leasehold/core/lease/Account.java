package dev.leasehold.core.lease;

/**
 * One instance in the ledger (protocol §8.2).
 *
 * @param allow the absolute allowance of its newest grant, delivered or not
 * @param used its last proven use
 */
public record Account(Vec allow, Vec used) {
  public static final Account NONE = new Account(Vec.ZERO, Vec.ZERO);

  public Account {
    Rules.require(used.atMost(allow), "used: expected at most allow " + allow, used);
  }

  /** What this instance may still consume. */
  public Vec exposure() {
    return allow.minus(used);
  }
}
