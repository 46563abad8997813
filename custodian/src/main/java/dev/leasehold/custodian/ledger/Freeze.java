package dev.leasehold.custodian.ledger;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether this node may still promise anything (protocol §8.5). A frozen node takes stops and
 * nothing else; it thaws when every lease concerned is revoked, and by no flag.
 */
public final class Freeze {
  private static final String REASON = "frozen";
  private static final String LEASES = "frozen_leases";
  private static final String UNKNOWN = "exposure_unknown:";

  private volatile String reason;

  private Freeze(String reason) {
    this.reason = reason;
  }

  public static Freeze load(Store store) {
    return new Freeze(store.read(tx -> tx.meta().find(REASON).orElse("")));
  }

  /** Why the node is frozen. */
  public Optional<String> reason() {
    return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
  }

  public void requireThawed() throws Rejected {
    if (!reason.isEmpty()) {
      throw new Rejected(ProblemType.FROZEN, reason);
    }
  }

  /** Freezes at once, whether or not the transaction commits. */
  public void freeze(Tx tx, String why, Collection<Id> leases) {
    if (reason.isEmpty()) {
      reason = why;
    }
    tx.meta().put(REASON, reason);
    Set<Id> all = concerned(tx);
    all.addAll(leases);
    write(tx, all);
  }

  /** True when the exposure of this lease is not known, because its ledger went back. */
  public boolean concerns(Tx tx, Id lease) {
    return concerned(tx).contains(lease);
  }

  /** True for a lease that was revoked while it was concerned: its exposure is never known. */
  public static boolean isUnknown(Tx tx, Id lease) {
    return tx.meta().find(UNKNOWN + lease).isPresent();
  }

  /** A lease concerned was revoked; with the last of them the node thaws. */
  void revoked(Tx tx, Id lease) {
    Set<Id> left = concerned(tx);
    if (!left.remove(lease)) {
      return;
    }
    tx.meta().put(UNKNOWN + lease, "revoked while frozen");
    write(tx, left);
    if (left.isEmpty()) {
      tx.meta().put(REASON, "");
      tx.afterCommit(() -> reason = "");
    }
  }

  private static Set<Id> concerned(Tx tx) {
    return tx.meta().find(LEASES).stream()
        .flatMap(s -> Arrays.stream(s.split(",")))
        .filter(s -> !s.isEmpty())
        .map(Id::new)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static void write(Tx tx, Set<Id> leases) {
    tx.meta().put(LEASES, leases.stream().map(Id::hex).collect(Collectors.joining(",")));
  }
}
