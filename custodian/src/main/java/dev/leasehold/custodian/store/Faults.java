package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;

/** What the writer does about steps that could not be what they should have been. */
public interface Faults {
  /**
   * A step broke a constraint or a rule of the books; called in the transaction it is gone from.
   */
  void broken(Tx tx, RuntimeException cause);

  /** A transaction that was undone showed that the database is not the newest there was. */
  void rolledBack(Tx tx, Id lease, String reason);
}
