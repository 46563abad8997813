package dev.leasehold.custodian.beat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Parsed;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
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
import dev.leasehold.custodian.store.Recent;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import java.util.List;
import java.util.Optional;

/** Opens what enclaves send: their own messages, and our grants that they return with them. */
final class Messages {
  /** A few hundred bytes each. */
  private static final int MOST = 65_536;

  private final Store store;
  private final Freeze freeze;
  private final Incidents incidents;
  private final Recent<Id, Sender> senders = new Recent<>(MOST);

  Messages(Store store, Freeze freeze, Incidents incidents) {
    this.store = store;
    this.freeze = freeze;
    this.incidents = incidents;
  }

  /** An instance that has enrolled, and what of it never changes. */
  record Sender(Id instanceId, Id leaseId, KeyRecord ik) {
    private static Sender of(InstanceRow i) {
      return new Sender(i.instanceId(), i.leaseId(), i.known().ik());
    }

    Rejected.Addressee addressee(Hash message) {
      return new Rejected.Addressee(leaseId, instanceId, message);
    }
  }

  /** Whoever has not enrolled has nothing to say yet. */
  Sender sender(Id instance) throws Rejected {
    Optional<Sender> known = senders.find(instance);
    if (known.isPresent()) {
      return known.get();
    }
    Sender read =
        store
            .read(tx -> tx.instances().find(instance))
            .filter(i -> i.identity().isPresent())
            .map(Sender::of)
            .orElseThrow(() -> Rejected.unknown("enrolled instance " + instance));
    senders.put(instance, read);
    return read;
  }

  /** Reads the body of a request. */
  static <B extends Record> B post(Class<B> type, byte[] body) throws Rejected {
    try {
      return Bundle.parse(type, body, Bundles.MAX_BYTES);
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    }
  }

  /** Parses before it verifies: what does not parse is never answered with a signature. */
  static <T extends Record> Parsed<T> parsed(Kind<T> kind, Envelope envelope) throws Rejected {
    try {
      return Dsse.parse(kind, envelope);
    } catch (Malformed e) {
      throw Rejected.malformed(e);
    }
  }

  static <T extends Record> Signed<T> verified(Parsed<T> parsed, KeyRecord ik) throws Rejected {
    try {
      return parsed.verified(ik);
    } catch (BadSignature e) {
      throw Rejected.badSignature(e);
    }
  }

  /** A grant that an enclave returns. */
  sealed interface Returned {
    /** What this node has just signed for the instance: it need not be read again. */
    record Own(Signed<Grant> grant) implements Returned {}

    /** It parses; its signature is still to be looked at. */
    record Claimed(Parsed<Grant> grant) implements Returned {}
  }

  /**
   * Parses before it verifies.
   *
   * @param newest the last one that this node remembers to have signed for this instance
   */
  static Returned returned(Envelope grant, Optional<Signed<Grant>> newest) throws Rejected {
    Optional<Signed<Grant>> own = newest.filter(g -> g.envelope().equals(grant));
    return own.isPresent()
        ? new Returned.Own(own.get())
        : new Returned.Claimed(parsed(Statements.GRANT, grant));
  }

  /** The grant: signed by GK, and the one that the enclave says it acknowledges. */
  Signed<Grant> acknowledged(Returned returned, Hash ack) throws Rejected {
    Signed<Grant> grant =
        switch (returned) {
          case Returned.Own(Signed<Grant> own) -> own;
          case Returned.Claimed(Parsed<Grant> claimed) -> byGrantKey(claimed);
        };
    if (!grant.hash().equals(ack)) {
      throw Rejected.malformed(
          new Malformed("lastGrant", "the grant that ack names, " + ack, grant.hash().hex()));
    }
    return grant;
  }

  private Signed<Grant> byGrantKey(Parsed<Grant> parsed) throws Rejected {
    Roster roster =
        store
            .read(Standing::roster)
            .orElseThrow(() -> new Rejected(ProblemType.CONFLICT, "no roster is registered yet"))
            .body();
    try {
      return Quorum.byGrantKey(parsed, roster, Grant::issuedAt);
    } catch (BadSignature e) {
      throw Rejected.badSignature(e);
    }
  }

  /**
   * Our own signature on a grant that is not in our books proves that the books went back. Of a
   * lease that was revoked for that it proves nothing new.
   */
  void requireOwnHistory(Tx tx, InstanceRow instance, Signed<Grant> grant) throws Rejected {
    if (grant.hash().equals(instance.known().chainGrant()) || tx.log().has(grant.hash())) {
      return;
    }
    String reason = "grant " + grant.hash() + " bears our signature and is not in the database";
    Id lease = grant.body().leaseId();
    if (Freeze.isUnknown(tx, lease)) {
      throw new Rejected(ProblemType.SEQ_GAP, reason + ", and its lease is revoked");
    }
    freeze.freeze(tx, reason, List.of(lease));
    incidents.record(tx, "rollback", lease, grant.body().instanceId(), reason, grant.envelope());
    throw new Rejected(ProblemType.FROZEN, reason).recorded();
  }
}
