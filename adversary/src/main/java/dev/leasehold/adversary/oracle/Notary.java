package dev.leasehold.adversary.oracle;

import dev.leasehold.adversary.world.Answer;
import dev.leasehold.adversary.world.Request;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Incident;
import dev.leasehold.core.lease.KeyRelease;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Staple;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Keeps what everybody ever signed and judges it with public keys alone: it verifies, no two
 * statements contradict each other, the same bytes get the same answer, and what was answered is in
 * the log.
 */
public final class Notary {
  /** What a host alone can bring about, without anybody being at fault. */
  private static final Set<String> HARMLESS =
      Set.of(
          "evidence-refused",
          "heartbeat-after-final",
          "final-after-final",
          "final-after-write-off");

  private static final String HEARTBEAT = "heartbeat of ";
  private static final String FINAL = "final of ";

  private final Roster roster;
  private final Map<String, Hash> said = new HashMap<>();
  private final Map<String, String> answers = new HashMap<>();
  private final Map<Hash, String> logged = new LinkedHashMap<>();
  private final Map<Envelope, Signed<?>> verified = new HashMap<>();
  private final Map<Hash, Grant> grants = new HashMap<>();
  private final Map<Id, Set<KeyRecord>> identities = new HashMap<>();

  public Notary(Roster roster) {
    this.roster = roster;
  }

  /** The grant with this hash that the custodian answered with. */
  public Optional<Grant> grant(Hash hash) {
    return Optional.ofNullable(grants.get(hash));
  }

  /** The most that any grant that was ever answered allows this enclave. */
  public Vec promised(Id instance, Hash ik) {
    return grants.values().stream()
        .filter(g -> g.instanceId().equals(instance) && g.ik().equals(ik))
        .map(Grant::allow)
        .reduce(Vec.ZERO, Vec::max);
  }

  /** The custodian does not know any more what it has said; enclaves do. */
  public void forgotten() {
    said.keySet().removeIf(about -> !about.startsWith(HEARTBEAT) && !about.startsWith(FINAL));
    answers.clear();
    logged.clear();
  }

  /** An enclave that signs with this key has taken a challenge of this instance. */
  public void identified(Id instance, KeyRecord ik) {
    identities.computeIfAbsent(instance, i -> new HashSet<>()).add(ik);
  }

  /** A heartbeat leaves an enclave. */
  public Heartbeat heartbeat(Id instance, Envelope envelope) {
    Signed<Heartbeat> h = byEnclave(Statements.HEARTBEAT, envelope, instance);
    says(HEARTBEAT + h.signers() + instance + h.body().epoch() + "." + h.body().seq(), h.hash());
    return h.body();
  }

  /** A final leaves an enclave: the last thing it ever signs. */
  public Final last(Id instance, Envelope envelope) {
    Signed<Final> f = byEnclave(Statements.FINAL, envelope, instance);
    says(FINAL + f.signers() + instance, f.hash());
    return f.body();
  }

  /** A receipt leaves an enclave. */
  public Signed<Receipt> receipt(Id instance, Envelope envelope) {
    return byEnclave(Statements.RECEIPT, envelope, instance);
  }

  /**
   * The custodian has answered.
   *
   * @return the grant in the answer
   */
  public Optional<Grant> answered(Request request, Answer answer) {
    answer.refusal().ifPresent(e -> open(Statements.PROBLEM, e, Problem::issuedAt));
    if (!answer.isGood()) {
      return Optional.empty();
    }
    if (request.desk() != Request.Desk.COMMANDS && request.desk() != Request.Desk.CHALLENGE) {
      String before = answers.putIfAbsent(String.valueOf(request), answer.body());
      Violation.require(
          before == null || before.equals(answer.body()),
          "the same bytes get the same answer",
          request + "\nwas answered with\n" + before + "\nand with\n" + answer.body());
    }
    switch (request.desk()) {
      case HELLO, CHALLENGE -> enrolled(bundle(Bundles.Enrolled.class, answer));
      case EVIDENCE -> {
        return evidence(bundle(Bundles.EnrolmentReply.class, answer));
      }
      case HEARTBEAT -> {
        return Optional.of(beat(bundle(Bundles.HeartbeatReply.class, answer)));
      }
      case FINAL -> closure(bundle(Bundles.FinalReply.class, answer).closure());
      case COMMANDS ->
          bundle(Bundles.CommandsReply.class, answer).commands().forEach(this::command);
      case ORDER -> logs(bundle(Bundles.OrderReply.class, answer).hash(), "order");
      case LEASE -> logs(bundle(Bundles.Registered.class, answer).hash(), "lease");
      case PROOF, CONSISTENCY -> {}
    }
    return Optional.empty();
  }

  private static <B extends Record> B bundle(Class<B> type, Answer answer) {
    return answer
        .bundle(type)
        .orElseThrow(() -> new Violation("the custodian's answers parse", answer.body()));
  }

  /** Compares all that was ever answered with all that is in the log. */
  public void audit(Map<String, String> log) {
    logged.forEach((hash, what) ->
        Violation.require(
            log.containsKey(hash.hex()),
            "what was answered is in the log",
            what + " " + hash + " was answered and is not there"));
    log.forEach((hash, body) -> entry(new Hash(hash), Envelope.parseStored(body)));
  }

  private void entry(Hash hash, Envelope e) {
    Violation.require(e.hash().equals(hash), "log: an entry has its hash", hash.hex());
    String type = e.payloadType();
    if (type.equals(Statements.GRANT.payloadType())) {
      grant(e);
    } else if (type.equals(Statements.APPRAISAL.payloadType())) {
      appraisal(e);
    } else if (type.equals(Statements.COMMAND.payloadType())) {
      commanded(e);
    } else if (type.equals(Statements.CLOSURE.payloadType())) {
      closure(e);
    } else if (type.equals(Statements.INCIDENT.payloadType())) {
      incident(e);
    } else if (type.equals(Statements.FINAL.payloadType())) {
      Final body = decoded(Statements.FINAL, e);
      last(body.instanceId(), e);
    } else {
      byPeople(e);
    }
  }

  private void byPeople(Envelope e) {
    try {
      if (e.payloadType().equals(Statements.ROSTER.payloadType())) {
        Quorum.roster(e, roster.approverSet());
      } else if (e.payloadType().equals(Statements.LEASE.payloadType())) {
        Quorum.standing(Statements.LEASE, e, roster);
      } else if (e.payloadType().equals(Statements.PACKAGE.payloadType())) {
        Quorum.standing(Statements.PACKAGE, e, roster);
      } else if (e.payloadType().equals(Statements.BORROWER.payloadType())) {
        Quorum.standing(Statements.BORROWER, e, roster);
      } else if (e.payloadType().equals(Statements.MEASUREMENTS.payloadType())) {
        Quorum.measurements(e, roster);
      } else if (e.payloadType().equals(Statements.ORDER.payloadType())) {
        order(e);
      } else {
        throw new Violation("log: a kind that is logged", e.payloadType());
      }
    } catch (Malformed | BadSignature x) {
      throw new Violation("every statement verifies offline", String.valueOf(x.getMessage()));
    }
  }

  private void order(Envelope e) throws Malformed, BadSignature {
    if (decoded(Statements.ORDER, e).action().stops()) {
      Dsse.open(Statements.ORDER, e, roster.operators().getFirst().key());
    } else {
      Quorum.standing(Statements.ORDER, e, roster);
    }
  }

  private void incident(Envelope e) {
    Incident i = open(Statements.INCIDENT, e, Incident::issuedAt).body();
    Violation.require(HARMLESS.contains(i.what()), "no incident", i.what() + ": " + i.detail());
  }

  private void enrolled(Bundles.Enrolled reply) {
    Signed<Challenge> c = open(Statements.CHALLENGE, reply.challenge(), Challenge::issuedAt);
    says("nonce " + c.body().nonce(), c.hash());
  }

  private Optional<Grant> evidence(Bundles.EnrolmentReply reply) {
    logs(appraisal(reply.appraisal()), "appraisal");
    Optional<Signed<Grant>> grant = reply.grant().map(this::grant);
    grant.ifPresent(g -> logs(g.hash(), "grant"));
    reply
        .keyrelease()
        .ifPresent(k -> {
          Signed<KeyRelease> r = open(Statements.KEY_RELEASE, k, KeyRelease::issuedAt);
          says("key release " + r.body().instanceId(), r.hash());
        });
    reply.staple().ifPresent(s -> open(Statements.STAPLE, s, Staple::issuedAt));
    return grant.map(Signed::body);
  }

  private Grant beat(Bundles.HeartbeatReply reply) {
    Signed<Grant> grant = grant(reply.grant());
    logs(grant.hash(), "grant");
    reply.commands().forEach(this::command);
    reply.staple().ifPresent(s -> open(Statements.STAPLE, s, Staple::issuedAt));
    return grant.body();
  }

  private void command(Bundles.CommandItem item) {
    logs(commanded(item.command()), "command");
  }

  private Hash appraisal(Envelope e) {
    Signed<AppraisalStatement> a = open(Statements.APPRAISAL, e, AppraisalStatement::issuedAt);
    return says("appraisal of " + a.body().evidence(), a.hash());
  }

  private Signed<Grant> grant(Envelope e) {
    Signed<Grant> g = open(Statements.GRANT, e, Grant::issuedAt);
    grants.put(g.hash(), g.body());
    says("grant " + g.body().instanceId() + " " + g.body().seq(), g.hash());
    return g;
  }

  private Hash commanded(Envelope e) {
    Signed<Command> c = open(Statements.COMMAND, e, Command::issuedAt);
    return says("command " + c.body().cseq(), c.hash());
  }

  private void closure(Envelope e) {
    Signed<Closure> c = open(Statements.CLOSURE, e, Closure::issuedAt);
    logs(says("closure " + c.body().instanceId(), c.hash()), "closure");
  }

  private void logs(Hash hash, String what) {
    logged.putIfAbsent(hash, what);
  }

  private Hash says(String about, Hash hash) {
    Hash before = said.putIfAbsent(about, hash);
    Violation.require(
        before == null || before.equals(hash),
        "no two statements contradict each other",
        about + ": " + before + " and " + hash);
    return hash;
  }

  /** The very same envelope comes again and again; it is verified once. */
  @SuppressWarnings("unchecked") // The type in an envelope is part of it, and names the kind.
  private <T extends Record> Signed<T> open(
      Kind<T> kind, Envelope envelope, ToLongFunction<T> issuedAt) {
    return (Signed<T>) verified.computeIfAbsent(envelope, key -> verify(kind, envelope, issuedAt));
  }

  private <T extends Record> Signed<T> verify(
      Kind<T> kind, Envelope envelope, ToLongFunction<T> issuedAt) {
    try {
      return Quorum.byGrantKey(kind, envelope, roster, issuedAt);
    } catch (Malformed | BadSignature e) {
      throw new Violation("every statement verifies offline", String.valueOf(e.getMessage()));
    }
  }

  private <T extends Record> Signed<T> byEnclave(Kind<T> kind, Envelope envelope, Id instance) {
    try {
      return Dsse.open(kind, envelope, identities.getOrDefault(instance, Set.of()));
    } catch (Malformed | BadSignature e) {
      throw new Violation("every statement verifies offline", String.valueOf(e.getMessage()));
    }
  }

  private static <T extends Record> T decoded(Kind<T> kind, Envelope e) {
    try {
      return kind.decode(e.payload().toArray());
    } catch (Malformed x) {
      throw new Violation("every statement verifies offline", String.valueOf(x.getMessage()));
    }
  }
}
