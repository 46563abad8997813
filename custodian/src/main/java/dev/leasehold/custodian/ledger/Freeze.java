package dev.leasehold.custodian.ledger;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Tx;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether anything may still be promised (protocol §8.5). A frozen ledger takes stops and nothing
 * else; it thaws when every lease concerned is revoked, and by no flag. The database says so to all
 * replicas, and each step asks it; a node that cannot write down what it found is frozen until it
 * can.
 */
public final class Freeze {
  private static final String REASON = "frozen";
  private static final String LEASES = "frozen_leases";
  private static final String UNKNOWN = "exposure_unknown:";

  private volatile Optional<Finding> unsaved = Optional.empty();

  /** What is wrong, and the leases whose exposure is therefore not known. */
  private record Finding(String reason, Set<Id> leases) {}

  /** Why nothing may be promised. */
  public Optional<String> reason(Tx tx) {
    return unsaved.map(Finding::reason).or(() -> tx.meta().find(REASON).filter(r -> !r.isEmpty()));
  }

  public void requireThawed(Tx tx) throws Rejected {
    Optional<String> reason = reason(tx);
    if (reason.isPresent()) {
      throw new Rejected(ProblemType.FROZEN, reason.get());
    }
  }

  /** Freezes this node at once, whether or not the transaction commits. */
  public void freeze(Tx tx, String why, Collection<Id> leases) {
    tx.requireWholeLedger();
    Finding finding = new Finding(reason(tx).orElse(why), Set.copyOf(leases));
    unsaved = Optional.of(finding);
    save(tx, finding);
  }

  /** Tries again to write down what could not be written. */
  void save(Tx tx) {
    unsaved.ifPresent(finding -> save(tx, finding));
  }

  boolean isUnsaved() {
    return unsaved.isPresent();
  }

  private void save(Tx tx, Finding finding) {
    Set<Id> all = concerned(tx);
    all.addAll(finding.leases);
    tx.meta().put(REASON, finding.reason);
    write(tx, all);
    tx.afterCommit(() -> unsaved = Optional.empty());
  }

  /** True when the exposure of this lease is not known, because its ledger went back. */
  public boolean concerns(Tx tx, Id lease) {
    return concerned(tx).contains(lease)
        || unsaved.filter(f -> f.leases.contains(lease)).isPresent();
  }

  /** True for a lease that was revoked while it was concerned: its exposure is never known. */
  public static boolean isUnknown(Tx tx, Id lease) {
    return tx.meta().find(UNKNOWN + lease).isPresent();
  }

  /** A lease concerned was revoked; with the last of them the ledger thaws. */
  void revoked(Tx tx, Id lease) {
    save(tx);
    Set<Id> left = concerned(tx);
    if (!left.remove(lease)) {
      return;
    }
    tx.requireWholeLedger();
    tx.meta().put(UNKNOWN + lease, "revoked while frozen");
    write(tx, left);
    if (left.isEmpty()) {
      tx.meta().put(REASON, "");
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
