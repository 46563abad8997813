package dev.leasehold.custodian.standing;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Platforms;
import dev.leasehold.custodian.store.Tx;
import java.util.Optional;

/** Borrowers have no version of their own: a later statement must have been issued later. */
final class BorrowerRegistration implements Registration<Borrower> {
  @Override
  public Kind<Borrower> kind() {
    return Statements.BORROWER;
  }

  @Override
  public Signed<Borrower> open(Tx tx, Envelope envelope) throws Malformed, BadSignature, Rejected {
    return Quorum.standing(kind(), envelope, Standing.requireRoster(tx).body());
  }

  @Override
  public void putInForce(Tx tx, Signed<Borrower> statement) throws Rejected {
    Borrower borrower = statement.body();
    Optional<Standing.InForce<Borrower>> before = Standing.borrower(tx, borrower.borrowerId());
    long version = before.map(b -> b.version() + 1).orElse(1L);
    if (before.isPresent()) {
      long issuedAt = before.get().body().issuedAt();
      Rules.require(
          borrower.issuedAt() > issuedAt,
          "borrower.issuedAt",
          "later than that of the statement in force, " + issuedAt,
          borrower.issuedAt());
    }
    tx.standings().insert(kind().name(), borrower.borrowerId().hex(), version, statement.hash());
    for (Borrower.Platform p : borrower.platforms()) {
      Optional<Platforms.Row> known = tx.platforms().find(p.platformId());
      Rules.require(
          known.isEmpty() || known.get().borrower().equals(borrower.borrowerId()),
          "borrower.platforms",
          "machines of this borrower only",
          p.platformId() + ", which borrower " + known.map(Platforms.Row::borrower) + " has named");
      tx.platforms().put(p.platformId(), borrower.borrowerId(), p.tier());
    }
  }
}
