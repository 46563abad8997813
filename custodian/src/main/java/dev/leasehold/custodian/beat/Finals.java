package dev.leasehold.custodian.beat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Parsed;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Incidents;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Exchanges;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Takes finals: exact use, the refund, the proof that an enclave has ceased (protocol §6.4). */
public final class Finals {
  private final Writer writer;
  private final Messages messages;
  private final CustodianKeys keys;
  private final Stops stops;
  private final Freeze freeze;
  private final Incidents incidents;

  public Finals(
      Store store,
      Writer writer,
      CustodianKeys keys,
      Stops stops,
      Freeze freeze,
      Incidents incidents) {
    this.writer = writer;
    this.messages = new Messages(store, freeze, incidents);
    this.keys = keys;
    this.stops = stops;
    this.freeze = freeze;
    this.incidents = incidents;
  }

  /** A final with what came along: the newest grant, and the heartbeat that was never answered. */
  private record Last(
      Signed<Final> statement,
      Optional<Signed<Grant>> lastGrant,
      Optional<Signed<Heartbeat>> unanswered) {
    Final body() {
      return statement.body();
    }
  }

  /** What was posted, parsed. */
  private record Posted(
      Parsed<Final> statement,
      Optional<Messages.Returned> lastGrant,
      Optional<Parsed<Heartbeat>> unanswered) {}

  /** The closure; the same final gets the same bytes. */
  public String accept(Id instanceId, byte[] body) throws Rejected {
    Posted posted = parsed(Messages.post(Bundles.FinalPost.class, body));
    Messages.Sender sender = messages.sender(instanceId);
    try {
      Last last = verified(posted, sender);
      return writer.run(Reach.of(sender.leaseId(), instanceId), tx -> accept(tx, instanceId, last));
    } catch (Rejected e) {
      throw e.answering(sender.addressee(posted.statement.envelope().hash()));
    }
  }

  private static Posted parsed(Bundles.FinalPost post) throws Rejected {
    Optional<Messages.Returned> lastGrant = Optional.empty();
    if (post.lastGrant().isPresent()) {
      lastGrant = Optional.of(Messages.returned(post.lastGrant().get(), Optional.empty()));
    }
    Optional<Parsed<Heartbeat>> unanswered = Optional.empty();
    if (post.unanswered().isPresent()) {
      unanswered = Optional.of(Messages.parsed(Statements.HEARTBEAT, post.unanswered().get()));
    }
    return new Posted(
        Messages.parsed(Statements.FINAL, post.finalEnvelope()), lastGrant, unanswered);
  }

  private Last verified(Posted posted, Messages.Sender sender) throws Rejected {
    Signed<Final> statement = Messages.verified(posted.statement, sender.ik());
    boolean own =
        statement.body().instanceId().equals(sender.instanceId())
            && statement.body().leaseId().equals(sender.leaseId());
    if (!own) {
      throw new Rejected(
          ProblemType.MALFORMED, "final: expected one of instance " + sender.instanceId());
    }
    Optional<Signed<Grant>> lastGrant = Optional.empty();
    if (posted.lastGrant.isPresent()) {
      lastGrant =
          Optional.of(messages.acknowledged(posted.lastGrant.get(), statement.body().ack()));
    }
    Optional<Signed<Heartbeat>> unanswered = Optional.empty();
    if (posted.unanswered.isPresent()) {
      unanswered = Optional.of(unanswered(posted.unanswered.get(), sender.ik()));
    }
    return new Last(statement, lastGrant, unanswered);
  }

  /** One that another key signed is not this instance's chain: a gap, not a forgery to act on. */
  private static Signed<Heartbeat> unanswered(Parsed<Heartbeat> posted, KeyRecord ik)
      throws Rejected {
    try {
      return Messages.verified(posted, ik);
    } catch (Rejected e) {
      throw new Rejected(ProblemType.SEQ_GAP, "unanswered: " + e.detail());
    }
  }

  private String accept(Tx tx, Id instanceId, Last last) throws Rejected {
    InstanceRow instance = tx.instances().find(instanceId).orElseThrow();
    Optional<Exchanges.Row> row = tx.exchanges().find(instanceId, last.body().seq());
    boolean same = row.isPresent() && row.get().message().equals(last.statement.hash());
    if (same && !row.get().reply().isEmpty()) {
      return row.get().reply();
    }
    freeze.requireThawed(tx);
    requireOpen(tx, instance, last);
    LeaseRow lease = tx.leases().get(instance.leaseId());
    if (last.body().incarnation() != lease.incarnation()) {
      throw new Rejected(
          ProblemType.INCARNATION_STALE,
          "incarnation: expected " + lease.incarnation() + ", found " + last.body().incarnation());
    }
    requireAcknowledged(tx, instance, last);
    Optional<Signed<Heartbeat>> between = requireNext(instance, last);
    requireUse(tx, instance, last, between);
    return close(tx, lease, instance, last, between);
  }

  private void requireOpen(Tx tx, InstanceRow instance, Last last) throws Rejected {
    if (instance.state().isUnresolved()) {
      return;
    }
    incidents.record(
        tx,
        "final-after-" + (instance.state() == InstanceState.CLOSED ? "final" : "write-off"),
        instance.leaseId(),
        instance.instanceId(),
        "a final of an instance that is " + instance.state(),
        last.statement.envelope());
    throw new Rejected(ProblemType.CLOSED, "this instance is " + instance.state()).recorded();
  }

  /** One of the last two grants, or the evidence of an enclave that never took grant 0. */
  private void requireAcknowledged(Tx tx, InstanceRow instance, Last last) throws Rejected {
    InstanceRow.Identity known = instance.known();
    Set<Hash> acceptable = new HashSet<>();
    if (last.lastGrant.isPresent()) {
      messages.requireOwnHistory(tx, instance, last.lastGrant.get());
      acceptable.add(known.chainGrant());
      if (instance.seq() >= 1) {
        tx.log()
            .body(Statements.GRANT, known.chainGrant())
            .map(Grant::prev)
            .ifPresent(acceptable::add);
      }
    } else if (instance.seq() == 0) {
      acceptable.add(known.chainHb());
    }
    if (!acceptable.contains(last.body().ack())) {
      throw new Rejected(
          ProblemType.SEQ_GAP,
          "ack: expected one of the last two grants, found " + last.body().ack());
    }
  }

  /** The final follows what is recorded, or the one heartbeat in between that came along. */
  private static Optional<Signed<Heartbeat>> requireNext(InstanceRow instance, Last last)
      throws Rejected {
    long seq = last.body().seq();
    Hash chain = instance.known().chainHb();
    if (seq == instance.seq() + 1 && last.body().prev().equals(chain)) {
      return Optional.empty();
    }
    Optional<Signed<Heartbeat>> between =
        last.unanswered
            .filter(h -> h.body().instanceId().equals(instance.instanceId()))
            .filter(h -> h.body().seq() == instance.seq() + 1 && h.body().prev().equals(chain))
            .filter(h -> seq == instance.seq() + 2 && last.body().prev().equals(h.hash()));
    if (between.isEmpty()) {
      throw new Rejected(
          ProblemType.SEQ_GAP,
          "seq: expected "
              + (instance.seq() + 1)
              + " after "
              + chain
              + ", or one more with the unanswered heartbeat in between; found "
              + seq);
    }
    return between;
  }

  private void requireUse(
      Tx tx, InstanceRow instance, Last last, Optional<Signed<Heartbeat>> between) throws Rejected {
    Vec before = instance.account().used();
    Vec reported = between.map(h -> h.body().used()).orElse(before);
    Vec used = last.body().used();
    if (!used.atMost(instance.account().allow())) {
      String detail =
          "used: expected at most allow " + instance.account().allow() + ", found " + used;
      incidents.record(
          tx,
          "overspend",
          instance.leaseId(),
          instance.instanceId(),
          detail,
          last.statement.envelope());
      stops.quarantine(tx, instance.known().platformId(), "overspend", Optional.empty());
      throw new Rejected(ProblemType.OVERSPEND, detail).recorded();
    }
    if (!before.atMost(reported) || !reported.atMost(used)) {
      throw new Rejected(
          ProblemType.MALFORMED, "used: expected at least what was reported, " + reported);
    }
  }

  private String close(
      Tx tx, LeaseRow lease, InstanceRow instance, Last last, Optional<Signed<Heartbeat>> between) {
    Vec used = last.body().used();
    Vec refund = instance.account().allow().minus(used);
    Ledger.Step step = lease.ledger().close(instance.account(), used);
    LeaseRow after = tx.leases().save(lease.with(step.ledger()));
    tx.instances()
        .save(
            instance
                .after(
                    last.body().seq(),
                    tx.now(),
                    step.account(),
                    last.statement.hash(),
                    instance.known().chainGrant())
                .with(InstanceState.CLOSED));
    Signed<Closure> closure =
        keys.sign(
            Statements.CLOSURE,
            new Closure(
                lease.leaseId(),
                instance.instanceId(),
                last.statement.hash(),
                used,
                refund,
                lease.epoch(),
                lease.incarnation(),
                tx.logRef(),
                tx.now()));
    tx.log().add(last.statement);
    tx.log().add(closure);
    String text = Bundle.text(Bundles.FinalReply.class, new Bundles.FinalReply(closure.envelope()));
    record(tx, instance.instanceId(), last, between, text);
    stops.settle(tx, after);
    return text;
  }

  private static void record(
      Tx tx, Id instance, Last last, Optional<Signed<Heartbeat>> between, String reply) {
    between.ifPresent(h ->
        tx.exchanges()
            .insert(
                instance, new Exchanges.Row(h.body().seq(), h.hash(), h.envelope().write(), "")));
    tx.exchanges()
        .insert(
            instance,
            new Exchanges.Row(
                last.body().seq(),
                last.statement.hash(),
                last.statement.envelope().write(),
                reply));
  }
}
