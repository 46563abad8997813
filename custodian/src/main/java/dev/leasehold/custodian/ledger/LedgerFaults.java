package dev.leasehold.custodian.ledger;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.store.Faults;
import dev.leasehold.custodian.store.Tx;
import java.util.List;
import java.util.Optional;

/** Records what the writer found wrong, and freezes where the database itself is in doubt. */
public final class LedgerFaults implements Faults {
  private final Incidents incidents;
  private final Freeze freeze;

  public LedgerFaults(Incidents incidents, Freeze freeze) {
    this.incidents = incidents;
    this.freeze = freeze;
  }

  @Override
  public void broken(Tx tx, RuntimeException cause) {
    incidents.record(
        tx, "ledger-rule", Optional.empty(), Optional.empty(), String.valueOf(cause.getMessage()));
  }

  @Override
  public void rolledBack(Tx tx, Id lease, String reason) {
    freeze.freeze(tx, reason, List.of(lease));
    incidents.record(tx, "rollback", Optional.of(lease), Optional.empty(), reason);
  }
}
