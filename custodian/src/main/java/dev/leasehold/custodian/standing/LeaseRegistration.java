package dev.leasehold.custodian.standing;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Standings;
import dev.leasehold.custodian.store.Tx;
import java.util.Optional;

/** The envelope with its quorum is the activation; a later version changes ceilings only. */
final class LeaseRegistration implements Registration<Lease> {
  private static final long FIRST_EPOCH = 1;

  @Override
  public Kind<Lease> kind() {
    return Statements.LEASE;
  }

  @Override
  public Signed<Lease> open(Tx tx, Envelope envelope) throws Malformed, BadSignature, Rejected {
    return Quorum.standing(kind(), envelope, Standing.requireRoster(tx).body());
  }

  @Override
  public void putInForce(Tx tx, Signed<Lease> statement) throws Rejected {
    Lease lease = statement.body();
    Rules.requireNext("lease", tx.standings().newest(kind().name(), lease.leaseId().hex()), lease);
    requireWhatItNames(tx, lease);
    Rules.requireSame("lease.clock", Lease.ClockClass.NONE, lease.clock());
    Rules.requireSame("lease.witness", new Lease.Witness(0, false), lease.witness());
    Rules.require(
        tx.now() < lease.notAfter(),
        "lease.notAfter",
        "later than now, " + tx.now(),
        lease.notAfter());
    tx.standings().insert(kind().name(), lease.leaseId().hex(), lease.version(), statement.hash());
    Optional<LeaseRow> before = tx.leases().find(lease.leaseId());
    if (before.isPresent()) {
      supersede(tx, before.get(), statement);
    } else {
      tx.leases().insert(opened(tx, statement));
    }
  }

  private static void requireWhatItNames(Tx tx, Lease lease) throws Rejected {
    Rules.require(
        Standing.borrower(tx, lease.borrowerId()).isPresent(),
        "lease.borrowerId",
        "a registered borrower",
        lease.borrowerId());
    Optional<Standings.Version> set =
        tx.standings().newest(Statements.MEASUREMENTS.name(), lease.measurementSet().hex());
    Rules.require(
        set.isPresent(),
        "lease.measurementSet",
        "a registered measurement set",
        lease.measurementSet());
    Rules.require(
        tx.deks().wrapped(lease.modelPackage()).isPresent(),
        "lease.package",
        "a registered package whose key was imported",
        lease.modelPackage());
  }

  private static LeaseRow opened(Tx tx, Signed<Lease> statement) {
    Lease lease = statement.body();
    return new LeaseRow(
        lease.leaseId(),
        lease.version(),
        statement.hash(),
        lease.borrowerId(),
        lease.modelPackage(),
        LeaseState.ACTIVE,
        FIRST_EPOCH,
        tx.meta().incarnation(),
        1,
        0,
        Ledger.open(lease.budget(), lease.exposureMax()),
        Optional.empty());
  }

  private static void supersede(Tx tx, LeaseRow row, Signed<Lease> statement) throws Rejected {
    Lease next = statement.body();
    Lease mine = tx.envelopes().body(Statements.LEASE, Lease.class, row.envelope());
    try {
      next.requireSameLease(mine);
    } catch (Malformed e) {
      throw new Rejected(ProblemType.CONFLICT, String.valueOf(e.getMessage()));
    }
    Rules.require(
        !row.state().isTerminal(), "state of the lease", "ACTIVE or SUSPENDED", row.state());
    tx.leases().save(row.withTerms(next.version(), statement.hash(), ceilings(row, next)));
  }

  private static Ledger ceilings(LeaseRow row, Lease next) throws Rejected {
    Ledger books = row.ledger();
    try {
      return new Ledger(
          next.budget(), next.exposureMax(), books.reserved(), books.settled(), books.residual());
    } catch (IllegalArgumentException e) {
      throw new Rejected(
          ProblemType.CONFLICT,
          "lease: the new ceilings are below what is promised already; " + e.getMessage());
    }
  }
}
