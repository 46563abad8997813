package dev.leasehold.enclave.testing;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.dsse.Signer;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.KeyRelease;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Staple;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Signs what a custodian would say to one enclave. It has no rules of its own: a test says what is
 * said, right or wrong.
 */
public final class ScriptedCustodian {
  public static final Id INSTANCE_ID = Approvers.id(0xa1);

  public final Approvers people = new Approvers();
  public final ModelPackage modelPackage;
  public final Hash packageHash;
  public Signer gk = people.grantKey;
  public Lease lease;
  public long epoch = 1;
  public long incarnation = 1;
  public long cseq;
  public long now = Approvers.NOW;

  public ScriptedCustodian(ModelPackage modelPackage, Consumer<Approvers.LeaseDraft> terms) {
    this.modelPackage = modelPackage;
    this.packageHash = people.sign(modelPackage).hash();
    Approvers.LeaseDraft draft = people.lease(packageHash);
    terms.accept(draft);
    this.lease = draft.build();
  }

  public Bundles.Start start() {
    return start(people.sign(people.roster()), people.sign(lease), challenge -> challenge);
  }

  /** A start whose challenge the test may replace by another, which is then signed. */
  public Bundles.Start start(Envelope roster, Envelope leaseEnvelope, Bend<Challenge> bend) {
    Challenge challenge =
        new Challenge(
            lease.leaseId(),
            INSTANCE_ID,
            Nonce.of(new byte[32]),
            epoch,
            incarnation,
            roster.hash(),
            people.measurements().hash(),
            leaseEnvelope.hash(),
            packageHash,
            false,
            60_000,
            LogRef.EMPTY,
            now);
    return new Bundles.Start(
        Dsse.sign(Statements.CHALLENGE, bend.of(challenge), gk).envelope(),
        roster,
        people.measurements(),
        people.borrower(),
        leaseEnvelope,
        people.sign(modelPackage));
  }

  /** A correct grant 0 to be bent. */
  public GrantDraft grant0(Signed<EvidenceStatement> evidence) {
    return draft(
        evidence.body().ikRecord(),
        evidence.hash(),
        evidence.body().challenge(),
        lease.tranche().min(lease.budget()));
  }

  /** A correct answer to a heartbeat, raising the allowance to a full tranche, to be bent. */
  public GrantDraft grant(KeyRecord ik, Signed<Heartbeat> heartbeat, Vec allow) {
    GrantDraft g = draft(ik, heartbeat.hash(), heartbeat.body().ack(), allow);
    g.seq = heartbeat.body().seq();
    g.used = heartbeat.body().used();
    return g;
  }

  private GrantDraft draft(KeyRecord ik, Hash hb, Hash prev, Vec allow) {
    GrantDraft g = new GrantDraft(lease.leaseId(), INSTANCE_ID, ik.keyid(), hb, prev, allow);
    g.epoch = epoch;
    g.incarnation = incarnation;
    g.ttlMs = lease.ttlMs();
    g.heartbeatMs = lease.heartbeatMs();
    g.cseq = cseq;
    g.issuedAt = now;
    return g;
  }

  public Bundles.EnrolmentReply enrolment(
      Signed<EvidenceStatement> evidence, Signed<Grant> grant, KeyRelease release) {
    return new Bundles.EnrolmentReply(
        appraisal(evidence, a -> a),
        Optional.of(grant.envelope()),
        Optional.of(Dsse.sign(Statements.KEY_RELEASE, release, gk).envelope()),
        Optional.of(staple(evidence)),
        Json.Obj.EMPTY);
  }

  public Bundles.EnrolmentReply reattestation(Signed<EvidenceStatement> evidence) {
    return new Bundles.EnrolmentReply(
        appraisal(evidence, a -> a),
        Optional.empty(),
        Optional.empty(),
        Optional.of(staple(evidence)),
        Json.Obj.EMPTY);
  }

  /** A key release with nothing in it; for tests that never open it. */
  public KeyRelease keyRelease(
      Signed<EvidenceStatement> evidence, Signed<Grant> grant, Bytes enc, Bytes ct) {
    return new KeyRelease(
        lease.leaseId(),
        INSTANCE_ID,
        evidence.hash(),
        grant.hash(),
        modelPackage.dekId(),
        KeyRelease.KEM_XWING,
        enc,
        ct,
        0,
        1,
        now);
  }

  public Envelope appraisal(Signed<EvidenceStatement> evidence, Bend<AppraisalStatement> bend) {
    EvidenceStatement e = evidence.body();
    AppraisalStatement appraisal =
        new AppraisalStatement(
            e.leaseId(),
            e.instanceId(),
            evidence.hash(),
            e.ikRecord().keyid(),
            Tee.SEV_SNP,
            "sev-snp:00",
            Tier.A,
            HexBytes.of(new byte[48]),
            e.program(),
            e.measurements(),
            new AppraisalStatement.Tcb("UpToDate", HexBytes.EMPTY, 0, List.of()),
            List.of(),
            List.of(),
            Approvers.hash(8),
            AppraisalStatement.Verdict.AFFIRMING,
            List.of(),
            epoch,
            incarnation,
            List.of(),
            LogRef.EMPTY,
            now);
    return Dsse.sign(Statements.APPRAISAL, bend.of(appraisal), gk).envelope();
  }

  public Envelope staple(Signed<EvidenceStatement> evidence) {
    EvidenceStatement e = evidence.body();
    Staple staple =
        new Staple(
            e.leaseId(),
            e.instanceId(),
            e.ikRecord().keyid(),
            evidence.hash(),
            Approvers.hash(8),
            packageHash,
            modelPackage.modelDigest(),
            epoch,
            incarnation,
            Staple.State.ACTIVE,
            lease.ttlMs(),
            LogRef.EMPTY,
            now);
    return Dsse.sign(Statements.STAPLE, staple, gk).envelope();
  }

  public Bundles.HeartbeatReply reply(Signed<Grant> grant, Bundles.CommandItem... commands) {
    return new Bundles.HeartbeatReply(
        grant.envelope(),
        Optional.empty(),
        List.of(commands),
        List.of(),
        List.of(),
        Json.Obj.EMPTY);
  }

  public Bundles.CommandItem command(Command.Type type, long commandSeq) {
    return command(type, commandSeq, Optional.empty());
  }

  public Bundles.CommandItem command(Command.Type type, long commandSeq, Optional<Envelope> order) {
    Command command =
        new Command(
            lease.leaseId(),
            Target.ALL,
            commandSeq,
            type,
            "test",
            order.map(Envelope::hash),
            epoch,
            incarnation,
            List.of(),
            LogRef.EMPTY,
            now);
    return new Bundles.CommandItem(Dsse.sign(Statements.COMMAND, command, gk).envelope(), order);
  }

  public Order resumeOrder(long afterCseq) {
    return new Order(
        Order.Action.RESUME,
        lease.leaseId(),
        Target.ALL,
        lease.version(),
        afterCseq,
        Map.of(),
        "test",
        Nonce.of(new byte[32]),
        now,
        now + 60_000,
        List.of());
  }

  /** A RESUME command with the approvers' order behind it. */
  public Bundles.CommandItem resume(long commandSeq, long afterCseq) {
    return command(
        Command.Type.RESUME, commandSeq, Optional.of(people.sign(resumeOrder(afterCseq))));
  }

  public Envelope problem(String name, long status, Problem.Action action, Hash answers) {
    Problem problem =
        new Problem(
            Problem.TYPE_PREFIX + name,
            status,
            name,
            "",
            lease.leaseId(),
            INSTANCE_ID,
            answers,
            action,
            0,
            List.of(),
            epoch,
            incarnation,
            now);
    return Dsse.sign(Statements.PROBLEM, problem, gk).envelope();
  }

  public Bundles.FinalReply closure(Hash finalHash) {
    Closure closure =
        new Closure(
            lease.leaseId(),
            INSTANCE_ID,
            finalHash,
            Vec.ZERO,
            Vec.ZERO,
            epoch,
            incarnation,
            LogRef.EMPTY,
            now);
    return new Bundles.FinalReply(Dsse.sign(Statements.CLOSURE, closure, gk).envelope());
  }

  /** Turns a statement into a slightly different one. */
  public interface Bend<T> {
    T of(T statement);
  }
}
