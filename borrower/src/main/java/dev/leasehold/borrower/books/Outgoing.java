package dev.leasehold.borrower.books;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/**
 * The canonical check of protocol §12: what leaves the borrower's house for the custodian carries
 * its fields and nothing else. One serialisation of the bundle, of each envelope and of each padded
 * payload; every signature by the key it should be; a grant only as the custodian signed it.
 */
public final class Outgoing {
  private Outgoing() {}

  /** Looks the signing key of an enclave up. */
  public interface Keys extends Function<Id, Optional<KeyRecord>> {}

  /** Checks a message of any kind that enclaves send and returns its H. */
  public static Hash check(
      Entry.What what, Id instance, byte[] body, Keys keys, Optional<Roster> roster)
      throws Malformed, BadSignature {
    return switch (what) {
      case HEARTBEAT -> heartbeat(instance, body, keys, roster).hash();
      case FINAL -> finalStatement(instance, body, keys, roster).hash();
      case EVIDENCE -> evidence(instance, body).hash();
      case HELLO, BUNDLE, CHALLENGE, COMMANDS, LOG_PROOF, LOG_CONSISTENCY ->
          throw new Malformed("message", "heartbeat, final or evidence", what.name());
    };
  }

  static Signed<Heartbeat> heartbeat(Id instance, byte[] body, Keys keys, Optional<Roster> roster)
      throws Malformed, BadSignature {
    Bundles.HeartbeatPost post = canonical(Bundles.HeartbeatPost.class, body);
    Signed<Heartbeat> heartbeat = open(Statements.HEARTBEAT, post.heartbeat(), keys, instance);
    sameInstance("heartbeat.instanceId", instance, heartbeat.body().instanceId());
    grant(post.lastGrant(), instance, roster);
    return heartbeat;
  }

  static Signed<Final> finalStatement(Id instance, byte[] body, Keys keys, Optional<Roster> roster)
      throws Malformed, BadSignature {
    Bundles.FinalPost post = canonical(Bundles.FinalPost.class, body);
    Signed<Final> last = open(Statements.FINAL, post.finalEnvelope(), keys, instance);
    sameInstance("final.instanceId", instance, last.body().instanceId());
    if (post.lastGrant().isPresent()) {
      grant(post.lastGrant().get(), instance, roster);
    }
    if (post.unanswered().isPresent()) {
      Signed<Heartbeat> unanswered =
          open(Statements.HEARTBEAT, post.unanswered().get(), keys, instance);
      sameInstance("unanswered.instanceId", instance, unanswered.body().instanceId());
    }
    return last;
  }

  static Signed<EvidenceStatement> evidence(Id instance, byte[] body)
      throws Malformed, BadSignature {
    Bundles.EvidencePost post =
        Bundle.parse(Bundles.EvidencePost.class, body, Bundles.MAX_EVIDENCE_BYTES);
    Signed<EvidenceStatement> evidence =
        Dsse.openSelfSigned(Statements.EVIDENCE, post.evidence(), EvidenceStatement::ikRecord);
    sameInstance("evidence.instanceId", instance, evidence.body().instanceId());
    return evidence;
  }

  private static <B extends Record> B canonical(Class<B> type, byte[] body) throws Malformed {
    B bundle = Bundle.parse(type, body, Bundles.MAX_BYTES);
    if (!Arrays.equals(Bundle.write(type, bundle), body)) {
      throw new Malformed(
          type.getSimpleName(),
          "the canonical serialisation (key order, no whitespace)",
          "another");
    }
    return bundle;
  }

  private static <T extends Record> Signed<T> open(
      Kind<T> kind, Envelope envelope, Keys keys, Id instance) throws Malformed, BadSignature {
    // Parsed first, so that a statement that is not canonical is refused as that.
    if (envelope.payloadType().equals(kind.payloadType())) {
      kind.decode(envelope.payload().toArray());
    }
    KeyRecord key =
        keys.apply(instance)
            .orElseThrow(() ->
                new BadSignature(
                    kind.name() + ": no evidence of instance " + instance + " passed here"));
    return Dsse.open(kind, envelope, key);
  }

  private static void grant(Envelope envelope, Id instance, Optional<Roster> roster)
      throws Malformed, BadSignature {
    Roster known =
        roster.orElseThrow(() -> new BadSignature("lastGrant: no roster has passed here yet"));
    Signed<Grant> grant = Quorum.byGrantKey(Statements.GRANT, envelope, known, Grant::issuedAt);
    sameInstance("lastGrant.instanceId", instance, grant.body().instanceId());
  }

  private static void sameInstance(String field, Id expected, Id found) throws Malformed {
    if (!expected.equals(found)) {
      throw new Malformed(field, expected.hex(), found.hex());
    }
  }
}
