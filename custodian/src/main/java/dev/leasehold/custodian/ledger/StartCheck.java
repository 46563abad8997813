package dev.leasehold.custodian.ledger;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.custodian.revoke.Commands;
import dev.leasehold.custodian.store.Anchor;
import dev.leasehold.custodian.store.Instances;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether the database is the newest there was and adds up (protocol §8.5). */
public final class StartCheck {
  /**
   * What is wrong.
   *
   * @param leases whose exposure is therefore not known
   */
  public record Fault(String reason, List<Id> leases) {
    /** What leaves nothing known about any lease that is not over. */
    public static Fault everywhere(Tx tx, String reason) {
      return new Fault(
          reason,
          tx.leases().all().stream()
              .filter(l -> !l.state().isTerminal())
              .map(LeaseRow::leaseId)
              .toList());
    }
  }

  private StartCheck() {}

  /** Compares the ledger with its anchor and with itself. */
  public static Optional<Fault> run(Tx tx, Anchor anchor) {
    if (anchor.fault().isPresent()) {
      return Optional.of(Fault.everywhere(tx, anchor.fault().get()))
          .filter(f -> !f.leases.isEmpty());
    }
    return behind(tx, anchor).or(() -> booksDoNotAddUp(tx));
  }

  /** A lease that was revoked through another replica because it went back promises nothing. */
  private static Optional<Fault> behind(Tx tx, Anchor anchor) {
    List<Id> leases = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (Map.Entry<Id, Long> e : anchor.all().entrySet()) {
      long ver = tx.leases().find(e.getKey()).map(LeaseRow::ver).orElse(0L);
      if (ver < e.getValue() && !Freeze.isUnknown(tx, e.getKey())) {
        leases.add(e.getKey());
        reasons.add(
            "lease "
                + e.getKey()
                + ": the anchor remembers ledger version "
                + e.getValue()
                + ", the database has "
                + (ver == 0 ? "none" : ver));
      }
    }
    return fault(reasons, leases);
  }

  /**
   * A lease's row is what steps wrote: sums over its instances, the ceilings of its envelope, and a
   * state that its newest command allows.
   */
  public static Optional<Fault> booksDoNotAddUp(Tx tx) {
    List<Id> leases = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (LeaseRow lease : tx.leases().all()) {
      flaw(tx, lease)
          .ifPresent(flaw -> {
            leases.add(lease.leaseId());
            reasons.add("lease " + lease.leaseId() + flaw);
          });
    }
    return fault(reasons, leases);
  }

  private static Optional<String> flaw(Tx tx, LeaseRow lease) {
    if (!isSumOfItsInstances(tx, lease)) {
      return Optional.of(": the books are not the sums of its instances");
    }
    if (!hasTheCeilingsOfItsEnvelope(tx, lease)) {
      return Optional.of(": its ceilings are not what its envelope states");
    }
    if (!Commands.allow(tx, lease.leaseId(), lease.state())) {
      return Optional.of(" is " + lease.state() + ", its newest command says otherwise");
    }
    return Optional.empty();
  }

  private static boolean isSumOfItsInstances(Tx tx, LeaseRow lease) {
    Ledger books = lease.ledger();
    Instances.Sums sums = tx.instances().sums(lease.leaseId());
    return books.reserved().equals(sums.allow())
        && books.settled().equals(sums.used().plus(books.residual()))
        && books.residual().equals(sums.writtenOff());
  }

  private static boolean hasTheCeilingsOfItsEnvelope(Tx tx, LeaseRow lease) {
    Lease terms = Stops.terms(tx, lease);
    return lease.ledger().budget().equals(terms.budget())
        && lease.ledger().exposureMax().equals(terms.exposureMax());
  }

  private static Optional<Fault> fault(List<String> reasons, List<Id> leases) {
    return leases.isEmpty()
        ? Optional.empty()
        : Optional.of(new Fault(String.join("; ", reasons), leases));
  }
}
