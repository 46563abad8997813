package dev.leasehold.enclave.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.GrantDraft;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The last statement (protocol §6.4; AR-07, AR-14, BH-09, model property Closable). */
final class FinalTest {

  @Test
  void usedIsExactAndTheChainContinues() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.work(new Vec(1, 10, 77, 12_345));
    Signed<Heartbeat> first = f.nextHeartbeat();
    GrantDraft grant = f.answer(first);
    grant.cseq = 4;
    f.take(grant);
    f.loop.stop(Final.Reason.BORROWER);
    Final last = f.finish();
    assertThat(last.used()).isEqualTo(new Vec(1, 10, 77, 12_345));
    assertThat(last.seq()).isEqualTo(2);
    assertThat(last.prev()).isEqualTo(first.hash());
    assertThat(last.ack()).isEqualTo(grant.sign(f.custodian.gk).hash());
    assertThat(last.cseq()).isEqualTo(4);
    assertThat(f.loop.finish().unanswered()).isEmpty();
    assertThat(f.loop.finish().finalEnvelope().payload().length()).isEqualTo(1024);
  }

  @Tag("BH-09")
  @Test
  void theUnansweredHeartbeatTravelsWithIt() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> lost = f.nextHeartbeat();
    f.loop.stop(Final.Reason.DEADMAN);
    Bundles.FinalPost post = f.loop.finish();
    assertThat(post.unanswered()).contains(lost.envelope());
    assertThat(f.finish().seq()).isEqualTo(2);
    assertThat(f.finish().prev()).isEqualTo(lost.hash());
    assertThat(f.finish().ack()).isEqualTo(lost.body().ack());
  }

  @Test
  void beforeGrantZeroItAcknowledgesTheEvidence() throws Exception {
    LoopFixture f = new LoopFixture();
    f.loop.stop(Final.Reason.FAULT);
    assertThat(f.finish().ack()).isEqualTo(f.evidence.hash());
    assertThat(f.finish().prev()).isEqualTo(f.evidence.hash());
    assertThat(f.finish().seq()).isEqualTo(1);
    assertThat(f.finish().used()).isEqualTo(Vec.ZERO);
    assertThat(f.loop.finish().lastGrant()).isEmpty();
  }

  @Test
  void itIsSignedOnceAndOnlyAfterTheStop() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    assertThatIllegalStateException().isThrownBy(f.loop::finish);
    f.loop.stop(Final.Reason.FAULT);
    f.loop.stop(Final.Reason.DRAINED);
    assertThat(f.loop.finish()).isSameAs(f.loop.finish());
    assertThat(f.finish().reason()).as("the first reason stands").isEqualTo(Final.Reason.FAULT);
  }

  @Test
  void afterTheStopNothingIsSentButTheFinal() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> sent = f.nextHeartbeat();
    f.loop.stop(Final.Reason.BORROWER);
    f.take(f.answer(sent)); // an answer that comes late changes no mode
    f.pass(60_000);
    assertThat(f.stopped()).isTrue();
    assertThat(f.worksNow()).isFalse();
  }

  @Test
  void onlyTheClosureOfThisFinalCloses() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.loop.stop(Final.Reason.BORROWER);
    var hash = f.loop.finish().finalEnvelope().hash();
    assertThat(f.loop.closes(f.custodian.closure(Approvers.hash(5)))).isFalse();
    f.custodian.gk = f.custodian.people.operator;
    assertThat(f.loop.closes(f.custodian.closure(hash))).isFalse();
    f.custodian.gk = f.custodian.people.grantKey;
    assertThat(f.loop.closes(f.custodian.closure(hash))).isTrue();
  }

  @Tag("AR-07")
  @Test
  void aRefusedReattestationEndsWithTheUnansweredHeartbeat() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> stale = f.nextHeartbeat();
    f.loop.refused(
        f.custodian.problem("epoch-stale", 412, Problem.Action.REATTEST, stale.hash()), f.now);
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Reattest.class);
    Problem refused =
        f.loop
            .problem(
                f.custodian.problem(
                    "evidence-rejected:measurement", 403, Problem.Action.STOP, Approvers.hash(4)),
                Approvers.hash(4))
            .orElseThrow();
    f.loop.reattestationRefused(refused);
    assertThat(f.finish().reason()).isEqualTo(Final.Reason.RECALLED);
    assertThat(f.loop.finish().unanswered()).contains(stale.envelope());
  }
}
