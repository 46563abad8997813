package dev.leasehold.custodian.beat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Parsed;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Incidents;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Exchanges;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Recent;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.util.Optional;

/** Takes heartbeats: the checks of protocol §6.3 in their order, the ledger step, the grant. */
public final class Heartbeats {
  /** A few kilobytes each. */
  private static final int MOST_ANSWERED = 65_536;

  private final Writer writer;
  private final Messages messages;
  private final Replies replies;
  private final Stops stops;
  private final Freeze freeze;
  private final Incidents incidents;
  private final long peakTokensPerSecond;
  private final Recent<Id, Answered> answered = new Recent<>(MOST_ANSWERED);

  public Heartbeats(
      Store store,
      Writer writer,
      Replies replies,
      Stops stops,
      Freeze freeze,
      Incidents incidents,
      long peakTokensPerSecond) {
    this.writer = writer;
    this.messages = new Messages(store, freeze, incidents);
    this.replies = replies;
    this.stops = stops;
    this.freeze = freeze;
    this.incidents = incidents;
    this.peakTokensPerSecond = peakTokensPerSecond;
  }

  /** One heartbeat, opened, with the grant it acknowledges. */
  private record Beat(Signed<Heartbeat> heartbeat, Signed<Grant> lastGrant) {
    Heartbeat body() {
      return heartbeat.body();
    }
  }

  /** A heartbeat that was recorded and the grant it got: what the next one refers to. */
  private record Answered(Hash heartbeat, Counts counts, Signed<Grant> grant) {}

  /** The reply; the same heartbeat gets the same bytes. */
  public String accept(Id instanceId, byte[] body) throws Rejected {
    Bundles.HeartbeatPost post = Messages.post(Bundles.HeartbeatPost.class, body);
    Parsed<Heartbeat> parsed = Messages.parsed(Statements.HEARTBEAT, post.heartbeat());
    Optional<Signed<Grant>> newest = answered.find(instanceId).map(Answered::grant);
    Messages.Returned lastGrant = Messages.returned(post.lastGrant(), newest);
    Messages.Sender sender = messages.sender(instanceId);
    try {
      Signed<Heartbeat> heartbeat = Messages.verified(parsed, sender.ik());
      requireSender(sender, parsed.body());
      Beat beat = new Beat(heartbeat, messages.acknowledged(lastGrant, parsed.body().ack()));
      return writer.run(Reach.of(sender.leaseId(), instanceId), tx -> accept(tx, instanceId, beat));
    } catch (Rejected e) {
      throw e.answering(sender.addressee(post.heartbeat().hash()));
    }
  }

  private String accept(Tx tx, Id instanceId, Beat beat) throws Rejected {
    freeze.requireThawed(tx);
    InstanceRow instance = tx.instances().find(instanceId).orElseThrow();
    Optional<Exchanges.Row> row = recorded(tx, instance, beat.body().seq());
    boolean same = row.isPresent() && row.get().message().equals(beat.heartbeat.hash());
    if (same && !row.get().reply().isEmpty()) {
      return row.get().reply();
    }
    Lease terms = Stops.terms(tx, tx.leases().get(instance.leaseId()));
    requireLive(tx, instance, terms, beat);
    LeaseRow lease = stops.expire(tx, tx.leases().get(instance.leaseId()), terms);
    requireCurrent(lease, instance, beat.body());
    requireNext(tx, instance, row, beat);
    requireConsistent(tx, instance, beat);
    lease = suspendIfImplausible(tx, lease, instance, terms, beat);
    return record(tx, lease, instance, terms, beat);
  }

  /** What an instance has not come to yet was never recorded. */
  private static Optional<Exchanges.Row> recorded(Tx tx, InstanceRow instance, long seq) {
    return seq > instance.seq()
        ? Optional.empty()
        : tx.exchanges().find(instance.instanceId(), seq);
  }

  private static void requireSender(Messages.Sender sender, Heartbeat h) throws Rejected {
    if (!h.instanceId().equals(sender.instanceId()) || !h.leaseId().equals(sender.leaseId())) {
      throw new Rejected(
          ProblemType.MALFORMED,
          "heartbeat: expected one of instance " + sender.instanceId() + " of its own lease");
    }
  }

  /** Step 3. */
  private void requireLive(Tx tx, InstanceRow instance, Lease terms, Beat beat) throws Rejected {
    switch (instance.state()) {
      case ACTIVE -> {
        if (Stops.isSilent(instance, terms, tx.now())) {
          stops.fence(tx, instance);
          throw new Rejected(
                  ProblemType.FENCED, "silent for longer than ttlMs + graceMs of the lease")
              .recorded();
        }
      }
      case FENCED -> throw new Rejected(ProblemType.FENCED, "this instance is fenced");
      case CLOSED, WRITTEN_OFF -> {
        if (beat.body().seq() >= instance.seq()) {
          incidents.record(
              tx,
              "heartbeat-after-final",
              instance.leaseId(),
              instance.instanceId(),
              "a heartbeat with seq " + beat.body().seq() + " after the instance was closed",
              beat.heartbeat.envelope());
        }
        throw new Rejected(ProblemType.CLOSED, "this instance is " + instance.state()).recorded();
      }
      case CHALLENGED -> throw Rejected.unknown("enrolled instance " + instance.instanceId());
    }
  }

  /** Step 4. An instance attested under an older policy gets nothing more, whatever it claims. */
  private static void requireCurrent(LeaseRow lease, InstanceRow instance, Heartbeat h)
      throws Rejected {
    if (h.incarnation() != lease.incarnation()) {
      throw new Rejected(
          ProblemType.INCARNATION_STALE,
          "incarnation: expected " + lease.incarnation() + ", found " + h.incarnation());
    }
    if (h.epoch() != lease.epoch() || instance.epoch() != lease.epoch()) {
      throw new Rejected(
          ProblemType.EPOCH_STALE,
          "epoch: expected "
              + lease.epoch()
              + ", found "
              + h.epoch()
              + " attested in "
              + instance.epoch());
    }
  }

  /** Step 5. */
  private void requireNext(Tx tx, InstanceRow instance, Optional<Exchanges.Row> row, Beat beat)
      throws Rejected {
    if (row.isPresent()) {
      throw equivocation(tx, instance, row.get(), beat);
    }
    messages.requireOwnHistory(tx, instance, beat.lastGrant);
    if (beat.body().seq() != instance.seq() + 1) {
      throw new Rejected(
          ProblemType.SEQ_GAP,
          "seq: expected " + (instance.seq() + 1) + ", found " + beat.body().seq());
    }
  }

  private Rejected equivocation(Tx tx, InstanceRow instance, Exchanges.Row recorded, Beat beat) {
    String detail = "two heartbeats with seq " + recorded.seq();
    incidents.record(
        tx,
        "equivocation",
        instance.leaseId(),
        instance.instanceId(),
        detail,
        Envelope.parseStored(recorded.request()),
        beat.heartbeat.envelope());
    stops.suspend(tx, instance.leaseId(), "equivocation", Optional.empty());
    stops.quarantine(tx, instance.known().platformId(), "equivocation", Optional.empty());
    return new Rejected(ProblemType.EQUIVOCATION, detail).recorded();
  }

  /** Step 6; length and form were checked when the heartbeat was parsed. */
  private void requireConsistent(Tx tx, InstanceRow instance, Beat beat) throws Rejected {
    Heartbeat h = beat.body();
    InstanceRow.Identity known = instance.known();
    if (!h.prev().equals(known.chainHb())) {
      throw new Rejected(
          ProblemType.SEQ_GAP, "prev: expected " + known.chainHb() + ", found " + h.prev());
    }
    if (!h.ack().equals(known.chainGrant())) {
      throw new Rejected(
          ProblemType.SEQ_GAP, "ack: expected " + known.chainGrant() + ", found " + h.ack());
    }
    if (!h.used().atMost(instance.account().allow())) {
      throw overspend(tx, instance, h, beat.heartbeat.envelope());
    }
    Counts before = before(tx, instance);
    if (!instance.account().used().atMost(h.used()) || !before.atMost(Counts.of(h))) {
      throw new Rejected(
          ProblemType.MALFORMED, "used and counts: expected none to decrease; found " + h.used());
    }
  }

  private Counts before(Tx tx, InstanceRow instance) {
    return answered
        .find(instance.instanceId())
        .filter(a -> a.heartbeat.equals(instance.known().chainHb()))
        .map(Answered::counts)
        .or(() ->
            tx.exchanges()
                .find(instance.instanceId(), instance.seq())
                .map(r -> Counts.of(Envelope.parseStored(r.request()))))
        .orElse(Counts.NONE);
  }

  private Rejected overspend(Tx tx, InstanceRow instance, Heartbeat h, Envelope body) {
    String detail =
        "used: expected at most allow " + instance.account().allow() + ", found " + h.used();
    incidents.record(tx, "overspend", instance.leaseId(), instance.instanceId(), detail, body);
    stops.quarantine(tx, instance.known().platformId(), "overspend", Optional.empty());
    return new Rejected(ProblemType.OVERSPEND, detail).recorded();
  }

  /** Step 7. Use no machine is capable of is not undone, but nothing more is given. */
  private LeaseRow suspendIfImplausible(
      Tx tx, LeaseRow lease, InstanceRow instance, Lease terms, Beat beat) {
    long tokens = beat.body().used().outputTokens() - instance.account().used().outputTokens();
    double seconds = (tx.now() - instance.lastSeenAt() + (double) terms.ttlMs()) / 1_000;
    if (tokens <= peakTokensPerSecond * seconds) {
      return lease;
    }
    incidents.record(
        tx,
        "implausible-use",
        lease.leaseId(),
        instance.instanceId(),
        tokens + " output tokens in at most " + seconds + " s",
        beat.heartbeat.envelope());
    return stops.suspend(tx, lease.leaseId(), "implausible use", Optional.empty());
  }

  /** Step 8: the ledger step, the grant, and all that makes them durable. */
  private String record(Tx tx, LeaseRow lease, InstanceRow instance, Lease terms, Beat beat) {
    Ledger.Step step =
        lease
            .ledger()
            .heartbeat(instance.account(), beat.body().used(), terms.tranche(), lease.isActive());
    LeaseRow after = tx.leases().save(lease.with(step.ledger()));
    Signed<Grant> grant =
        replies.grant(tx, after, instance, terms, beat.heartbeat, step.account().allow());
    tx.log().add(grant);
    InstanceRow next =
        instance.after(
            beat.body().seq(), tx.now(), step.account(), beat.heartbeat.hash(), grant.hash());
    tx.instances().save(next);
    Bundles.HeartbeatReply reply =
        replies.reply(tx, after, next, beat.body(), beat.lastGrant.body(), grant);
    String text = Bundle.text(Bundles.HeartbeatReply.class, reply);
    tx.exchanges()
        .insert(
            next.instanceId(),
            new Exchanges.Row(
                next.seq(), beat.heartbeat.hash(), beat.heartbeat.envelope().write(), text));
    Answered answer = new Answered(beat.heartbeat.hash(), Counts.of(beat.body()), grant);
    tx.afterCommit(() -> answered.put(next.instanceId(), answer));
    return text;
  }
}
