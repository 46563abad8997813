package dev.leasehold.custodian.grant;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Staple;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Tx;
import java.util.Optional;

/** Fresh proof for consumers; issued only while lease and instance are ACTIVE (protocol §6.4). */
public final class Staples {
  private final CustodianKeys keys;
  private final Attested attested;

  public Staples(CustodianKeys keys, Attested attested) {
    this.keys = keys;
    this.attested = attested;
  }

  public Optional<Envelope> issue(Tx tx, LeaseRow lease, InstanceRow instance) {
    boolean stale = instance.epoch() != lease.epoch();
    if (!lease.isActive() || instance.state() != InstanceState.ACTIVE || stale) {
      return Optional.empty();
    }
    Hash evidence = instance.known().evidence();
    return Optional.of(issue(tx, lease, instance, attested.facts(tx, evidence).appraisal()));
  }

  /** For evidence that is being accepted in this very step. */
  Envelope issue(Tx tx, LeaseRow lease, InstanceRow instance, Hash appraisal) {
    Lease terms = Stops.terms(tx, lease);
    InstanceRow.Identity identity = instance.known();
    Staple staple =
        new Staple(
            lease.leaseId(),
            instance.instanceId(),
            identity.ik().keyid(),
            identity.evidence(),
            appraisal,
            lease.modelPackage(),
            Standing.modelPackage(tx, lease.modelPackage()).modelDigest(),
            lease.epoch(),
            lease.incarnation(),
            Staple.State.ACTIVE,
            terms.ttlMs(),
            tx.logRef(),
            tx.now());
    return keys.sign(Statements.STAPLE, staple).envelope();
  }
}
