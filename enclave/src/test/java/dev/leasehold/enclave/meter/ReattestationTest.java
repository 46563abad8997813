package dev.leasehold.enclave.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.enclave.terms.Challenged;
import dev.leasehold.enclave.testing.Approvers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Recall for an honest enclave (protocol §6.2; AR-20). */
@Tag("AR-20")
final class ReattestationTest {

  @Test
  void aRecallIsFollowedWhenNoHeartbeatIsOutstanding() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    recall(f, 2, 1);
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Reattest.class);
  }

  @Test
  void anOutstandingHeartbeatIsAnsweredFirst() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> sent = f.nextHeartbeat();
    recall(f, 2, 1);
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Beat.class);
    f.custodian.epoch = 1;
    f.take(f.answer(sent)); // the stored reply, under the old epoch
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Reattest.class);
  }

  @Test
  void theChainContinuesUnderTheNewEpoch() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> first = f.nextHeartbeat();
    f.take(f.answer(first));
    recall(f, 2, 1);
    reattest(f);
    Heartbeat next = f.nextHeartbeat().body();
    assertThat(next.epoch()).isEqualTo(2);
    assertThat(next.seq()).isEqualTo(2);
    assertThat(next.prev()).isEqualTo(first.hash());
  }

  @Test
  void aStaleHeartbeatIsRebuiltWithTheSameSeqAndANewFirstSending() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> stale = f.nextHeartbeat();
    f.custodian.epoch = 2;
    f.loop.refused(
        f.custodian.problem("epoch-stale", 412, Problem.Action.REATTEST, stale.hash()), f.now);
    f.pass(10_000);
    reattest(f);
    Signed<Heartbeat> rebuilt = f.open(f.beat());
    assertThat(rebuilt.body().seq()).isEqualTo(stale.body().seq());
    assertThat(rebuilt.body().prev()).isEqualTo(stale.body().prev());
    assertThat(rebuilt.body().epoch()).isEqualTo(2);
    f.take(f.answer(rebuilt));
    f.pass(44_999);
    assertThat(f.worksNow()).isTrue();
  }

  /** A heartbeat with a negative number could never be answered, nor the final that carries it. */
  @Test
  void aClockTurnedBackBeyondTheBootMakesNoNegativeNumber() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> stale = f.nextHeartbeat();
    f.custodian.epoch = 2;
    f.loop.refused(
        f.custodian.problem("epoch-stale", 412, Problem.Action.REATTEST, stale.hash()), f.now);
    f.pass(-3_600_000);
    reattest(f);
    assertThat(f.open(f.beat()).body().monoMs()).isZero();
  }

  @Test
  void twoRecallsInARowEndUnderTheLast() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    recall(f, 2, 1);
    recall(f, 3, 2);
    f.custodian.epoch = 2;
    reattest(f); // under the first one: stale already
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Reattest.class);
    f.custodian.epoch = 3;
    reattest(f);
    assertThat(f.nextHeartbeat().body().epoch()).isEqualTo(3);
  }

  @Test
  void aSuspendedEnclaveReattestsAndStaysInHold() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.SUSPEND, 1));
    recall(f, 2, 2);
    reattest(f);
    assertThat(f.worksNow()).isFalse();
    assertThat(f.nextHeartbeat().body().mode()).isEqualTo(Heartbeat.ReportedMode.HOLD);
  }

  @Test
  void aReplayedRecallOrChallengeOfTheSameEpochIsNone() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.RECALL, 1));
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Wait.class);
    assertThatExceptionOfType(Malformed.class)
        .isThrownBy(() -> f.loop.recalled(Challenged.accept(f.custodian.start(), f.program)))
        .withMessageContaining("challenge.epoch");
  }

  @Test
  void aChallengeOfAnotherIncarnationIsNotAnswered() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.custodian.epoch = 2;
    f.custodian.incarnation = 2;
    assertThatExceptionOfType(Malformed.class)
        .isThrownBy(() -> f.loop.recalled(Challenged.accept(f.custodian.start(), f.program)))
        .withMessageContaining("challenge.incarnation");
  }

  @Test
  void anAppraisalOfOtherEvidenceIsNotTaken() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    recall(f, 2, 1);
    Challenged challenged = Challenged.accept(f.custodian.start(), f.program);
    f.loop.recalled(challenged);
    assertThatExceptionOfType(Malformed.class)
        .isThrownBy(() ->
            f.loop.reattested(
                challenged,
                LoopFixture.post(f.evidence(challenged)),
                f.custodian.reattestation(f.evidence),
                f.now))
        .withMessageContaining("appraisal.evidence");
  }

  @Test
  void consumersSeeTheNewestEvidence() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    recall(f, 2, 1);
    Signed<EvidenceStatement> renewed = reattest(f);
    assertThat(f.loop.view().orElseThrow().evidence().evidence()).isEqualTo(renewed.envelope());
    assertThat(f.loop.view().orElseThrow().epoch()).isEqualTo(2);
    assertThat(f.loop.me().evidence()).isEqualTo(f.evidence.hash());
  }

  private static void recall(LoopFixture f, long epoch, long cseq) {
    f.custodian.epoch = epoch;
    f.push(f.custodian.command(Command.Type.RECALL, cseq));
  }

  private static Signed<EvidenceStatement> reattest(LoopFixture f) throws Exception {
    Challenged challenged = Challenged.accept(f.custodian.start(), f.program);
    f.loop.recalled(challenged);
    Signed<EvidenceStatement> evidence = f.evidence(challenged);
    f.loop.reattested(
        challenged, LoopFixture.post(evidence), f.custodian.reattestation(evidence), f.now);
    assertThat(evidence.body().instanceId()).isEqualTo(f.loop.me().instanceId());
    assertThat(Approvers.LEASE_ID).isEqualTo(evidence.body().leaseId());
    return evidence;
  }
}
