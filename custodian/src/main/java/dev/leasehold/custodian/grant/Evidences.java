package dev.leasehold.custodian.grant;

import dev.leasehold.core.appraise.Appraisal;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Incidents;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Attestations;
import dev.leasehold.custodian.store.Challenges;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.util.Optional;

/**
 * Takes evidence: the steps of protocol §6.2 in their order, in one transaction with what they
 * change. A refusal that is final is recorded and uses the nonce up; any other leaves no trace.
 */
public final class Evidences {
  private final Store store;
  private final Writer writer;
  private final Judge judge;
  private final Admission admission;
  private final Stops stops;
  private final Freeze freeze;
  private final Incidents incidents;

  public Evidences(
      Store store,
      Writer writer,
      Judge judge,
      Admission admission,
      Stops stops,
      Freeze freeze,
      Incidents incidents) {
    this.store = store;
    this.writer = writer;
    this.judge = judge;
    this.admission = admission;
    this.stops = stops;
    this.freeze = freeze;
    this.incidents = incidents;
  }

  /** The enrolment reply, or that of a re-attestation; the same evidence gets the same bytes. */
  public String accept(Id instanceId, byte[] body) throws Rejected {
    InstanceRow instance =
        store
            .read(tx -> tx.instances().find(instanceId))
            .orElseThrow(() -> Rejected.unknown("instance " + instanceId));
    Candidate candidate = Candidate.parse(body);
    Rejected.Addressee sender =
        new Rejected.Addressee(instance.leaseId(), instanceId, candidate.hash());
    try {
      // Pure and slow, so it is done before the ledger's writer is asked for its time.
      Verdict verdict = judge.verify(candidate);
      return writer.run(
          Reach.of(instance.leaseId()), tx -> accept(tx, instanceId, candidate, verdict));
    } catch (Rejected e) {
      throw e.answering(sender);
    }
  }

  private String accept(Tx tx, Id instanceId, Candidate c, Verdict verdict) throws Rejected {
    InstanceRow instance = tx.instances().find(instanceId).orElseThrow();
    Optional<Attestations.Row> known = tx.attestations().find(c.hash());
    if (known.isPresent() && known.get().instance().equals(instanceId)) {
      return repeated(tx, instance, known.get());
    }
    freeze.requireThawed(tx);
    try {
      return judged(tx, instance, c, verdict);
    } catch (Rejected e) {
      if (!e.type().isFinal()) {
        throw e;
      }
      incidents.record(
          tx,
          "evidence-refused",
          instance.leaseId(),
          instanceId,
          e.name() + ": " + e.detail(),
          c.post().evidence());
      throw e.recorded();
    }
  }

  /** The reply to an enrolment holds the key: it is repeated only while the lease is ACTIVE. */
  private String repeated(Tx tx, InstanceRow instance, Attestations.Row known) throws Rejected {
    boolean enrolment = tx.attestations().firstOf(instance.instanceId()).equals(Optional.of(known));
    LeaseRow lease = stops.pass(tx, tx.leases().get(instance.leaseId()));
    if (enrolment) {
      freeze.requireThawed(tx);
      requireActive(lease);
    }
    return known.reply();
  }

  private String judged(Tx tx, InstanceRow instance, Candidate c, Verdict verdict) throws Rejected {
    Challenges.Row challenge = consumeNonce(tx, instance, c);
    LeaseRow lease = stops.pass(tx, tx.leases().get(instance.leaseId()));
    InstanceRow now = tx.instances().find(instance.instanceId()).orElseThrow();
    Judge.Case question = new Judge.Case(c, now, lease, challenge.challenge());
    return switch (now.state()) {
      case CHALLENGED -> {
        Appraisal.Affirming affirmed = affirm(tx, question, verdict);
        requireActive(lease);
        requireEpoch(lease, challenge);
        yield admission.enrol(tx, question, affirmed);
      }
      case ACTIVE -> {
        Appraisal.Affirming affirmed = affirm(tx, question, verdict);
        requireLive(lease);
        requireEpoch(lease, challenge);
        yield admission.reattest(tx, question, affirmed);
      }
      case FENCED -> throw new Rejected(ProblemType.FENCED, "this instance is fenced");
      case CLOSED, WRITTEN_OFF -> throw new Rejected(ProblemType.CLOSED, "this instance is closed");
    };
  }

  /** Step 1: of all who show a nonce, one is heard. */
  private static Challenges.Row consumeNonce(Tx tx, InstanceRow instance, Candidate c)
      throws Rejected {
    Challenges.Row row =
        tx.challenges()
            .find(c.statement().nonce())
            .filter(r -> r.instance().equals(instance.instanceId()))
            .orElseThrow(() ->
                new Rejected(
                    ProblemType.NONCE, "the nonce is not one this instance was challenged with"));
    if (row.open() && tx.now() >= row.expiresAt()) {
      throw new Rejected(ProblemType.NONCE, "the challenge expired at " + row.expiresAt());
    }
    if (!tx.challenges().consume(c.statement().nonce())) {
      throw new Rejected(ProblemType.NONCE_USED, "the nonce was used by other evidence");
    }
    return row;
  }

  /** Steps 2 to 9. */
  private Appraisal.Affirming affirm(Tx tx, Judge.Case question, Verdict verdict) throws Rejected {
    return switch (judge.appraise(tx, question, verdict)) {
      case Appraisal.Affirming affirming -> affirming;
      case Appraisal.Refused refused -> throw refusal(refused);
    };
  }

  private static Rejected refusal(Appraisal.Refused refused) {
    Refusal first = refused.refusal();
    ProblemType type = StatementChecks.problem(first.claim());
    Rejected rejected =
        type == ProblemType.EVIDENCE_REJECTED
            ? Rejected.evidence(first.claim(), first.toString())
            : new Rejected(type, first.toString());
    return rejected.with(refused.claims().stream().filter(claim -> !claim.passed()).toList());
  }

  private static void requireActive(LeaseRow lease) throws Rejected {
    if (!lease.isActive()) {
      throw new Rejected(ProblemType.NOT_ACTIVE, "the lease is " + lease.state());
    }
  }

  private static void requireLive(LeaseRow lease) throws Rejected {
    if (!lease.isActive() && lease.state() != LeaseState.SUSPENDED) {
      throw new Rejected(ProblemType.NOT_ACTIVE, "the lease is " + lease.state());
    }
  }

  private static void requireEpoch(LeaseRow lease, Challenges.Row challenge) throws Rejected {
    if (challenge.epoch() != lease.epoch()) {
      throw new Rejected(
          ProblemType.EPOCH_STALE,
          "the challenge is of epoch " + challenge.epoch() + ", the lease in " + lease.epoch());
    }
  }
}
