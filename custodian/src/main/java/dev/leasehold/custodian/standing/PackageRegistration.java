package dev.leasehold.custodian.standing;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Tx;

/** A package never changes: another one has another packageId and another key. */
final class PackageRegistration implements Registration<ModelPackage> {
  private static final long ONLY_VERSION = 1;

  @Override
  public Kind<ModelPackage> kind() {
    return Statements.PACKAGE;
  }

  @Override
  public Signed<ModelPackage> open(Tx tx, Envelope envelope)
      throws Malformed, BadSignature, Rejected {
    return Quorum.standing(kind(), envelope, Standing.requireRoster(tx).body());
  }

  @Override
  public void putInForce(Tx tx, Signed<ModelPackage> statement) throws Rejected {
    ModelPackage p = statement.body();
    Rules.require(
        Standing.modelPackage(tx, p.packageId()).isEmpty(),
        "package.packageId",
        "one that is not registered (a package never changes; seal it again)",
        p.packageId());
    Rules.require(
        !tx.deks().has(p.dekId()), "package.dekId", "a key that no other package has", p.dekId());
    tx.standings().insert(kind().name(), p.packageId().hex(), ONLY_VERSION, statement.hash());
  }
}
