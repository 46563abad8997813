package dev.leasehold.custodian.standing;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Tx;

/** Needs the quorum {@code threshold.measure}: a measurement decides who may read weights. */
final class MeasurementsRegistration implements Registration<Measurements> {
  @Override
  public Kind<Measurements> kind() {
    return Statements.MEASUREMENTS;
  }

  @Override
  public Signed<Measurements> open(Tx tx, Envelope envelope)
      throws Malformed, BadSignature, Rejected {
    return Quorum.measurements(envelope, Standing.requireRoster(tx).body());
  }

  @Override
  public void putInForce(Tx tx, Signed<Measurements> statement) throws Rejected {
    Measurements set = statement.body();
    Rules.requireNext("measurements", tx.standings().newest(kind().name(), set.setId().hex()), set);
    tx.standings().insert(kind().name(), set.setId().hex(), set.version(), statement.hash());
  }
}
