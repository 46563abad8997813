package dev.leasehold.custodian.standing;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Standings;
import dev.leasehold.custodian.store.Tx;
import java.util.Optional;

/** The standing objects in force (protocol §6.1). */
public final class Standing {
  /** There is one roster; its row in {@code standing} needs some id. */
  public static final String ROSTER_ID = "roster";

  private Standing() {}

  /** A statement in force and its name. */
  public record InForce<T extends Record>(Hash hash, long version, T body) {}

  public static Optional<InForce<Roster>> roster(Tx tx) {
    return tx.standings()
        .newest(Statements.ROSTER.name(), ROSTER_ID)
        .map(v ->
            new InForce<>(
                v.hash(),
                v.version(),
                tx.envelopes().body(Statements.ROSTER, Roster.class, v.hash())));
  }

  /** The roster, without which nothing else can be signed. */
  public static InForce<Roster> requireRoster(Tx tx) throws Rejected {
    return roster(tx)
        .orElseThrow(() ->
            new Rejected(ProblemType.CONFLICT, "no roster is registered yet; register one first"));
  }

  public static Optional<InForce<Borrower>> borrower(Tx tx, Id borrower) {
    return tx.standings()
        .newest(Statements.BORROWER.name(), borrower.hex())
        .map(v ->
            new InForce<>(
                v.hash(),
                v.version(),
                tx.envelopes().body(Statements.BORROWER, Borrower.class, v.hash())));
  }

  /** The newest version of a set that is valid already; none before its first is. */
  public static Optional<InForce<Measurements>> measurements(Tx tx, Id set) {
    return tx
        .standings()
        .newerThan(Statements.MEASUREMENTS.name(), set.hex(), 0)
        .reversed()
        .stream()
        .map(v -> measurements(tx, v))
        .filter(m -> m.body().notBefore() <= tx.now())
        .findFirst();
  }

  public static ModelPackage modelPackage(Tx tx, Hash hash) {
    return tx.envelopes().body(Statements.PACKAGE, ModelPackage.class, hash);
  }

  public static Optional<Hash> modelPackage(Tx tx, Id packageId) {
    return tx.standings()
        .newest(Statements.PACKAGE.name(), packageId.hex())
        .map(Standings.Version::hash);
  }

  private static InForce<Measurements> measurements(Tx tx, Standings.Version v) {
    return new InForce<>(
        v.hash(),
        v.version(),
        tx.envelopes().body(Statements.MEASUREMENTS, Measurements.class, v.hash()));
  }
}
