package dev.leasehold.custodian.beat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Incidents;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import java.util.List;

/** Opens what enclaves send: their own messages, and our grants that they return with them. */
final class Messages {
  private final Store store;
  private final Freeze freeze;
  private final Incidents incidents;

  Messages(Store store, Freeze freeze, Incidents incidents) {
    this.store = store;
    this.freeze = freeze;
    this.incidents = incidents;
  }

  /** An instance that has enrolled; whoever has not has nothing to say yet. */
  InstanceRow sender(Id instance) throws Rejected {
    return store
        .read(tx -> tx.instances().find(instance))
        .filter(i -> i.identity().isPresent())
        .orElseThrow(() -> Rejected.unknown("enrolled instance " + instance));
  }

  /** Parses before it verifies: what does not parse is never answered with a signature. */
  <T extends Record> T parsed(Kind<T> kind, Envelope envelope) throws Rejected {
    try {
      if (!envelope.payloadType().equals(kind.payloadType())) {
        throw new Malformed(
            kind.name() + ".payloadType", kind.payloadType(), envelope.payloadType());
      }
      return kind.decode(envelope.payload().toArray());
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    }
  }

  <T extends Record> Signed<T> opened(Kind<T> kind, Envelope envelope, KeyRecord ik)
      throws Rejected {
    try {
      return Dsse.open(kind, envelope, ik);
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    } catch (BadSignature e) {
      throw Rejected.badSignature(e);
    }
  }

  /** A grant that the enclave returns: signed by GK, and the one it says it acknowledges. */
  Signed<Grant> returned(Envelope envelope, Hash ack) throws Rejected {
    Roster roster =
        store
            .read(Standing::roster)
            .orElseThrow(() -> new Rejected(ProblemType.CONFLICT, "no roster is registered yet"))
            .body();
    try {
      Signed<Grant> grant = Quorum.byGrantKey(Statements.GRANT, envelope, roster, Grant::issuedAt);
      if (!grant.hash().equals(ack)) {
        throw new Rejected(
            ProblemType.MALFORMED,
            "lastGrant: expected the grant that ack names, " + ack + ", found " + grant.hash());
      }
      return grant;
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    } catch (BadSignature e) {
      throw Rejected.badSignature(e);
    }
  }

  /** Our own signature on a grant that is not in our books proves that the books went back. */
  void requireOwnHistory(Tx tx, Signed<Grant> grant) throws Rejected {
    if (tx.log().has(grant.hash())) {
      return;
    }
    String reason = "grant " + grant.hash() + " bears our signature and is not in the database";
    Id lease = grant.body().leaseId();
    freeze.freeze(tx, reason, List.of(lease));
    incidents.record(tx, "rollback", lease, grant.body().instanceId(), reason, grant.envelope());
    throw new Rejected(ProblemType.FROZEN, reason).recorded();
  }
}
