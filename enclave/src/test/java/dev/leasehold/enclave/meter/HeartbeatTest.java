package dev.leasehold.enclave.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.testing.GrantDraft;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** When heartbeats are sent and what is in them (protocol §6.3, §12; BH-12, BH-16, CO-01). */
final class HeartbeatTest {

  @Test
  void theFirstOneNamesEvidenceAndGrantZero() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Heartbeat h = f.nextHeartbeat().body();
    assertThat(h.seq()).isEqualTo(1);
    assertThat(h.prev()).isEqualTo(f.evidence.hash());
    assertThat(h.used()).isEqualTo(Vec.ZERO);
    assertThat(h.mode()).isEqualTo(Heartbeat.ReportedMode.RUN);
    assertThat(h.tMin()).isEqualTo(f.custodian.now);
    assertThat(h.monoMs()).isEqualTo(15_000);
  }

  @Test
  void thePayloadIsAlways1024Bytes() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    for (int i = 0; i < 5; i++) {
      f.work(new Vec(7, 333, 77, 7_777));
      f.requests(7, 11);
      Signed<Heartbeat> h = f.nextHeartbeat();
      byte[] payload = h.envelope().payload().toArray();
      assertThat(payload).hasSize(1024);
      assertThat(new String(payload, StandardCharsets.UTF_8)).endsWith("0\"}");
      f.take(f.answer(h));
    }
  }

  @Test
  void eachNamesTheOneBeforeAndTheNewestGrant() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> first = f.nextHeartbeat();
    GrantDraft grant = f.answer(first);
    f.take(grant);
    Signed<Heartbeat> second = f.nextHeartbeat();
    assertThat(second.body().seq()).isEqualTo(2);
    assertThat(second.body().prev()).isEqualTo(first.hash());
    assertThat(second.body().ack()).isEqualTo(grant.sign(f.custodian.gk).hash());
  }

  @Test
  void itIsResentByteIdenticalUntilAnswered() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Step.Beat sent = beatDue(f);
    f.work(new Vec(1, 0, 640, 0));
    f.requests(100, 1);
    for (int i = 0; i < 10; i++) {
      f.loop.unanswered(f.now);
      f.pass(5_000);
      assertThat(f.beat().post()).isEqualTo(sent.post());
    }
  }

  @Test
  void theNextIsDueOneIntervalAfterTheFirstSending() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> first = f.nextHeartbeat();
    f.pass(10_000); // the answer takes long
    f.take(f.answer(first));
    f.pass(4_999);
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Wait.class);
    f.pass(1);
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Beat.class);
  }

  @Tag("BH-16")
  @Test
  void whenLittleIsLeftItIsSentEarlyButNotTooEarly() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.work(new Vec(1, 0, 1_000, 0));
    f.pass(1_875);
    assertThat(f.loop.step(f.now))
        .as("half is left: not below the line")
        .isInstanceOf(Step.Wait.class);
    f.work(new Vec(1, 0, 1, 0));
    f.pass(-1);
    assertThat(f.loop.step(f.now)).as("before an eighth").isInstanceOf(Step.Wait.class);
    f.pass(1);
    assertThat(f.open(f.beat()).body().used().outputTokens()).isEqualTo(960);
  }

  @Tag("BH-16")
  @Test
  void anEarlyOneHasSomethingNewToSay() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.work(new Vec(1, 0, 1_001, 0));
    Signed<Heartbeat> first = f.nextHeartbeat();
    GrantDraft small = f.answer(first);
    small.allow = small.allow.minus(new Vec(0, 0, 959, 0)); // raised by one
    f.take(small);
    f.pass(5_000);
    assertThat(f.loop.step(f.now)).as("nothing new was used").isInstanceOf(Step.Wait.class);
    f.work(new Vec(1, 0, 64, 0));
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Beat.class);
  }

  @Tag("BH-16")
  @Test
  void afterAGrantThatRaisedNothingTheFullIntervalPasses() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.work(new Vec(1, 0, 1_500, 0));
    Signed<Heartbeat> first = f.nextHeartbeat();
    GrantDraft same = f.answer(first);
    same.allow = f.guard.state().allow();
    f.take(same);
    f.work(new Vec(1, 0, 400, 0));
    f.pass(14_999);
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Wait.class);
    f.pass(1);
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Beat.class);
  }

  @Test
  void zeroPercentMeansNeverEarly() throws Exception {
    LoopFixture f = LoopFixture.enrolled(terms -> terms.topUpPercent = 0);
    f.work(new Vec(1, 0, 2_000, 0));
    f.pass(14_999);
    assertThat(f.loop.step(f.now)).isInstanceOf(Step.Wait.class);
  }

  @Test
  void aSuspendedEnclaveKeepsBeating() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(dev.leasehold.core.lease.Command.Type.SUSPEND, 1));
    assertThat(f.nextHeartbeat().body().mode()).isEqualTo(Heartbeat.ReportedMode.HOLD);
  }

  @Tag("OS-04")
  @Test
  void anUnsignedErrorOnlyMeansTryAgain() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Step.Beat sent = beatDue(f);
    for (int i = 0; i < 50; i++) {
      f.loop.unanswered(f.now);
    }
    assertThat(f.worksNow()).isTrue();
    f.pass(5_000);
    assertThat(f.beat().post()).isEqualTo(sent.post());
  }

  @Tag("OS-04")
  @Test
  void aSignedProblemForAnotherMessageOnlyMeansTryAgain() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> sent = f.nextHeartbeat();
    f.loop.refused(
        f.custodian.problem("closed", 410, Problem.Action.STOP, f.evidence.hash()), f.now);
    Envelope unsigned =
        new Envelope(
            "application/vnd.leasehold.problem.v1+json",
            f.custodian.problem("closed", 410, Problem.Action.STOP, sent.hash()).payload(),
            java.util.List.of());
    f.loop.refused(unsigned, f.now);
    assertThat(f.worksNow()).isTrue();
    assertThat(f.stopped()).isFalse();
  }

  @Test
  void aSignedProblemThatNamesTheHeartbeatStops() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> sent = f.nextHeartbeat();
    f.loop.refused(f.custodian.problem("fenced", 409, Problem.Action.STOP, sent.hash()), f.now);
    assertThat(f.stopped()).isTrue();
    assertThat(f.worksNow()).isFalse();
  }

  private static Step.Beat beatDue(LoopFixture f) {
    f.pass(f.custodian.lease.heartbeatMs());
    return f.beat();
  }
}
