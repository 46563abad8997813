package dev.leasehold.enclave.meter;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Guard;
import dev.leasehold.core.guard.Permit;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.terms.Challenged;
import dev.leasehold.enclave.terms.Program;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.GrantDraft;
import dev.leasehold.enclave.testing.ScriptedCustodian;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A lease loop with a clock and a custodian in the test's hands. */
final class LoopFixture {
  static final long BOOT = TimeUnit.HOURS.toNanos(7);

  final ScriptedCustodian custodian;
  final Ed25519Signer ik = Approvers.key(40);
  final Program program;
  final Challenged challenged;
  final Signed<EvidenceStatement> evidence;
  final Bundles.EvidencePost evidencePost;
  final Guard guard = new Guard(BOOT);
  final Tally tally = new Tally();
  final LeaseLoop loop;
  long now = BOOT;

  LoopFixture() throws Exception {
    this(terms -> {});
  }

  LoopFixture(Consumer<Approvers.LeaseDraft> terms) throws Exception {
    custodian = new ScriptedCustodian(Approvers.emptyPackage(), terms);
    program =
        new Program(
            "leasehold-enclave/test",
            Approvers.hash(9),
            custodian.people.approverSet(),
            Lease.ClockClass.NONE);
    challenged = Challenged.accept(custodian.start(), program);
    evidence = evidence(challenged);
    evidencePost = post(evidence);
    Instance me = Instance.of(challenged, ik, evidence.hash());
    loop = new LeaseLoop(me, challenged, guard, tally, BOOT, now);
  }

  /** A fixture that has accepted a correct grant 0 and takes no time for it. */
  static LoopFixture enrolled() throws Exception {
    return enrolled(terms -> {});
  }

  static LoopFixture enrolled(Consumer<Approvers.LeaseDraft> terms) throws Exception {
    LoopFixture f = new LoopFixture(terms);
    f.enrol(draft -> {});
    return f;
  }

  Signed<EvidenceStatement> evidence(Challenged answered) {
    EvidenceStatement statement =
        answered.evidence(program, ik.key().ed25519(), Bytes.of(new byte[1216]));
    return Dsse.sign(Statements.EVIDENCE, statement, ik);
  }

  static Bundles.EvidencePost post(Signed<EvidenceStatement> evidence) {
    return new Bundles.EvidencePost(
        evidence.envelope(), Tee.SEV_SNP, Bytes.EMPTY, List.of(), List.of());
  }

  void enrol(Consumer<GrantDraft> bend) throws Exception {
    GrantDraft draft = custodian.grant0(evidence);
    bend.accept(draft);
    Signed<Grant> grant = draft.sign(custodian.gk);
    loop.enrolled(
        evidencePost,
        custodian.enrolment(
            evidence, grant, custodian.keyRelease(evidence, grant, Bytes.EMPTY, Bytes.EMPTY)),
        now);
  }

  void pass(long ms) {
    now += TimeUnit.MILLISECONDS.toNanos(ms);
  }

  /** Does and charges work, as an engine would. */
  void work(Vec cost) throws Denied {
    try (Permit permit = guard.acquire(cost, now)) {
      permit.consume();
    }
  }

  boolean worksNow() {
    try {
      work(new Vec(1, 0, 0, 0));
      return true;
    } catch (Denied e) {
      return false;
    }
  }

  /** Lets requests come and end. */
  void requests(int count, long outputTokens) {
    for (int i = 0; i < count; i++) {
      tally.entered();
      tally.finished(outputTokens);
    }
  }

  /** What the loop wants sent now; fails when that is not a heartbeat. */
  Step.Beat beat() {
    return (Step.Beat) loop.step(now);
  }

  Signed<Heartbeat> open(Step.Beat beat) throws Exception {
    return Dsse.open(Statements.HEARTBEAT, beat.post().heartbeat(), ik.key());
  }

  /** Waits for the next regular heartbeat. */
  Signed<Heartbeat> nextHeartbeat() throws Exception {
    pass(custodian.lease.heartbeatMs());
    return open(beat());
  }

  /** A correct answer with a full tranche above what was reported. */
  GrantDraft answer(Signed<Heartbeat> heartbeat) {
    Vec allow =
        custodian
            .lease
            .budget()
            .min(heartbeat.body().used().plus(custodian.lease.tranche()))
            .max(guard.state().allow());
    return custodian.grant(ik.key(), heartbeat, allow);
  }

  void take(GrantDraft grant, Bundles.CommandItem... commands) throws GrantRefused {
    loop.answered(custodian.reply(grant.sign(custodian.gk), commands), now);
  }

  void push(Bundles.CommandItem... commands) {
    loop.commands(List.of(commands), now);
  }

  /** The final, which must be due. */
  Final finish() throws Exception {
    return Dsse.open(Statements.FINAL, loop.finish().finalEnvelope(), ik.key()).body();
  }

  boolean stopped() {
    return loop.step(now) instanceof Step.Stop;
  }
}
