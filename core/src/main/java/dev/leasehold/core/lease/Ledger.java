package dev.leasehold.core.lease;

/**
 * The books of one lease and the steps that change them, as pure functions (protocol §8.2).
 *
 * <p>A ledger that broke {@code settled ≤ reserved ≤ budget} or {@code reserved − settled ≤
 * exposureMax} cannot be constructed; the database repeats the same rules as constraints.
 *
 * @param reserved sum of all allowances
 * @param settled sum of all proven use, and of what was written off
 * @param residual what was written off although it may still be consumed, for ever
 */
public record Ledger(Vec budget, Vec exposureMax, Vec reserved, Vec settled, Vec residual) {

  public Ledger {
    Rules.require(
        settled.atMost(reserved), "settled: expected at most reserved " + reserved, settled);
    Rules.require(reserved.atMost(budget), "reserved: expected at most budget " + budget, reserved);
    Rules.require(
        reserved.minus(settled).atMost(exposureMax),
        "reserved − settled: expected at most exposureMax " + exposureMax,
        reserved.minus(settled));
  }

  /** The books of a new lease. */
  public static Ledger open(Vec budget, Vec exposureMax) {
    return new Ledger(budget, exposureMax, Vec.ZERO, Vec.ZERO, Vec.ZERO);
  }

  /** The books and one instance's account after a step. */
  public record Step(Ledger ledger, Account account) {}

  /** X: promised and not yet proven used, by all instances together. */
  public Vec exposure() {
    return reserved.minus(settled);
  }

  /** How much more may be promised now while the lease is active. */
  public Vec room() {
    return budget.minus(reserved).min(exposureMax.minus(exposure()));
  }

  /** True when a new instance could do anything at all: room in every budgeted component. */
  public boolean admits() {
    Vec room = room();
    for (Vec.Component c : Vec.Component.values()) {
      if (budget.get(c) > 0 && room.get(c) < 1) {
        return false;
      }
    }
    return true;
  }

  /** The first allowance of a new instance. */
  public Step grantZero(Vec tranche) {
    Vec allow = tranche.min(room());
    return new Step(reserved(reserved.plus(allow)), new Account(allow, Vec.ZERO));
  }

  /**
   * A heartbeat: what it proves becomes settled, and then, only while the lease is active, the
   * allowance grows to at most a tranche beyond it.
   */
  public Step heartbeat(Account account, Vec used, Vec tranche, boolean active) {
    Ledger proven = settled(settled.plus(used.minus(account.used())));
    Vec allow = account.allow();
    if (active) {
      allow = allow.max(used.plus(tranche).min(allow.plus(proven.room())));
    }
    Ledger next = proven.reserved(proven.reserved.plus(allow.minus(account.allow())));
    return new Step(next, new Account(allow, used));
  }

  /** A final: exact use, and the rest of the allowance comes back. */
  public Step close(Account account, Vec used) {
    Ledger proven = settled(settled.plus(used.minus(account.used())));
    return new Step(
        proven.reserved(proven.reserved.minus(account.allow().minus(used))),
        new Account(used, used));
  }

  /** A write-off: counted as used, although nobody knows; shown as residual for ever. */
  public Step writeOff(Account account) {
    Vec unknown = account.exposure();
    return new Step(
        new Ledger(budget, exposureMax, reserved, settled.plus(unknown), residual.plus(unknown)),
        account);
  }

  private Ledger reserved(Vec v) {
    return new Ledger(budget, exposureMax, v, settled, residual);
  }

  private Ledger settled(Vec v) {
    return new Ledger(budget, exposureMax, reserved, v, residual);
  }
}
