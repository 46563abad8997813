package dev.leasehold.enclave.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.GrantDraft;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deadline and wipe (protocol §9.5; TI-02, TI-05, TI-06, model mutants m_renew, m_sendtime). */
final class DeadManTest {

  @Test
  void nothingIsServedFromTheDeadlineOn() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.pass(44_999);
    assertThat(f.worksNow()).isTrue();
    f.pass(1);
    assertThat(f.worksNow()).isFalse();
  }

  @Tag("TI-02")
  @Test
  void aGrantHeldLongerThanItsTtlGivesNothing() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> heartbeat = f.nextHeartbeat();
    f.pass(45_000); // kept back by the host for a whole ttl
    f.take(f.answer(heartbeat));
    assertThat(f.worksNow()).isFalse();
    Signed<Heartbeat> next = f.open(f.beat());
    assertThat(next.body().mode()).isEqualTo(Heartbeat.ReportedMode.HOLD);
    f.take(f.answer(next));
    assertThat(f.worksNow()).as("a fresh RUN grant lifts it").isTrue();
  }

  @Tag("TI-02")
  @Test
  void timeCountsFromTheFirstSendingNotTheLast() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Signed<Heartbeat> heartbeat = f.nextHeartbeat();
    f.loop.unanswered(f.now);
    f.pass(20_000);
    Signed<Heartbeat> again = f.open(f.beat());
    assertThat(again.hash()).isEqualTo(heartbeat.hash());
    f.take(f.answer(heartbeat));
    f.pass(24_999);
    assertThat(f.worksNow()).isTrue();
    f.pass(1);
    assertThat(f.worksNow()).isFalse();
  }

  @Tag("TI-05")
  @Test
  void aHoldGrantNeverMovesTheDeadline() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    long deadline = f.guard.state().deadlineNanos();
    for (int i = 0; i < 10; i++) {
      Signed<Heartbeat> heartbeat = f.nextHeartbeat();
      GrantDraft hold = f.answer(heartbeat);
      hold.mode = Mode.HOLD;
      hold.cseq = 1;
      f.take(hold);
      assertThat(f.guard.state().deadlineNanos()).isEqualTo(deadline);
      assertThat(f.worksNow()).isFalse();
    }
    assertThat(f.stopped()).as("weights stay while the custodian answers HOLD").isFalse();
  }

  @Test
  void aRunGrantWhileSuspendedDoesNotMoveTheDeadlineEither() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    long deadline = f.guard.state().deadlineNanos();
    f.push(f.custodian.command(Command.Type.SUSPEND, 1));
    f.take(f.answer(f.nextHeartbeat()));
    assertThat(f.guard.state().deadlineNanos()).isEqualTo(deadline);
    assertThat(f.worksNow()).isFalse();
  }

  @Tag("TI-05")
  @Test
  void aStopGrantStopsAndMovesNothing() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    long deadline = f.guard.state().deadlineNanos();
    GrantDraft stop = f.answer(f.nextHeartbeat());
    stop.mode = Mode.STOP;
    f.take(stop);
    assertThat(f.guard.state().deadlineNanos()).isEqualTo(deadline);
    assertThat(f.stopped()).isTrue();
    assertThat(f.finish().reason()).isEqualTo(Final.Reason.REVOKED);
  }

  @Tag("TI-06")
  @Tag("D12")
  @Test
  void silenceForTtlAndGraceWipes() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.pass(89_999);
    assertThat(f.stopped()).isFalse();
    f.pass(1);
    assertThat(f.stopped()).isTrue();
    assertThat(f.finish().reason()).isEqualTo(Final.Reason.DEADMAN);
  }

  /** Time is not asked every few milliseconds, so whatever may move the wipe must be heard. */
  @Test
  void whoWaitsForTheWipeLooksAgainWhenSomethingArrives() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    Thread waiting = waiting(f);
    f.push(f.custodian.command(Command.Type.SUSPEND, 1));
    waiting.join(10_000);
    assertThat(waiting.isAlive()).isFalse();
  }

  @Test
  void nobodyWaitsLongerThanUntilTheWipe() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.pass(89_999);
    Thread waiting = Thread.startVirtualThread(() -> awaitTick(f));
    waiting.join(10_000);
    assertThat(waiting.isAlive()).isFalse();
  }

  private static Thread waiting(LoopFixture f) {
    Thread thread = Thread.startVirtualThread(() -> awaitTick(f));
    Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    return thread;
  }

  private static void awaitTick(LoopFixture f) {
    try {
      f.loop.awaitTick(() -> f.now);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The host lets the guest's clock run at a tenth: more time, not one token more. */
  @Tag("TI-03")
  @Test
  void aSlowedClockLengthensServiceAndNeverEnlargesIt() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    long tranche = f.custodian.lease.tranche().outputTokens();
    long served = 0;
    long realSeconds = 0;
    while (!f.stopped()) {
      f.pass(100);
      realSeconds++;
      served += serves(f, 10) ? 10 : 0;
    }
    assertThat(served).isEqualTo(tranche);
    assertThat(realSeconds).as("ten times ttl and grace").isEqualTo(900);
    Final last = f.finish();
    assertThat(last.reason()).isEqualTo(Final.Reason.DEADMAN);
    assertThat(last.used().outputTokens()).isEqualTo(served);
  }

  @Tag("TI-03")
  @Test
  void aClockThatRacesStopsEarlyAndCleanly() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    long served = 0;
    long realSeconds = 0;
    while (!f.stopped()) {
      f.pass(10_000);
      realSeconds++;
      served += serves(f, 10) ? 10 : 0;
    }
    assertThat(served).isEqualTo(40);
    assertThat(realSeconds).isEqualTo(9);
    Final last = f.finish();
    assertThat(last.reason()).isEqualTo(Final.Reason.DEADMAN);
    assertThat(last.used().outputTokens()).isEqualTo(served);
  }

  private static boolean serves(LoopFixture f, long tokens) {
    try {
      f.work(new Vec(0, 0, tokens, 0));
      return true;
    } catch (Denied e) {
      return false;
    }
  }

  @Test
  void aSuspensionKeepsTheWeightsForItsGraceAtMost() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.push(f.custodian.command(Command.Type.SUSPEND, 1));
    int beats = 0;
    while (!f.stopped() && beats < 1_000) {
      f.pass(15_000);
      if (f.loop.step(f.now) instanceof Step.Beat beat) {
        GrantDraft hold = f.answer(f.open(beat));
        hold.mode = Mode.HOLD;
        hold.cseq = 1;
        f.take(hold);
        beats++;
      }
    }
    assertThat(f.now - LoopFixture.BOOT).isEqualTo(600_000_000_000L);
    assertThat(f.finish().reason()).isEqualTo(Final.Reason.DEADMAN);
  }

  @Test
  void aSlowClockAllowanceShortensTheDeadline() throws Exception {
    DeadMan deadMan = new DeadMan(0);
    LoopFixture f = LoopFixture.enrolled();
    var lease = f.custodian.lease;
    var grant = f.answer(f.nextHeartbeat()).sign(f.custodian.gk).body();
    deadMan.renewed(grant, lease, 1_000);
    assertThat(deadMan.deadline()).isEqualTo(1_000 + 45_000_000_000L);
    assertThat(deadMan.wipeAt()).isEqualTo(1_000 + 90_000_000_000L);
  }

  @Test
  void theLeaseEndsByTheCustodiansClock() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.custodian.now = Approvers.NOW + 7_000_000_000L;
    f.push(f.custodian.command(Command.Type.ROTATE, 1));
    assertThat(f.stopped()).isTrue();
    assertThat(f.finish().reason()).isEqualTo(Final.Reason.EXPIRED);
  }
}
