package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tier;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Protocol §6.2 once more: after a recall the same enclave proves itself under the new epoch. */
@ParameterizedClass
@MethodSource("dev.leasehold.custodian.Engine#nightlyBoth")
class ReattestationTest {
  @Parameter Engine engine;
  @TempDir Path folder;
  private World world;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder, engine).lend(l -> Leases.limits(l, 1_000, 2, Tier.B));
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Tag("AR-20")
  @Test
  void whoIsOvertakenWhileItEnrolsEnrolsWithTheSameKeysUnderAnotherChallenge() throws Exception {
    Enclave e = world.enclave().challenged();
    Id overtaken = e.id;
    Bundles.EvidencePost stale = e.evidencePost(e.statement(), e.ik);
    recall();
    world.assertRefused(e.attest(stale), e.evidence.hash(), "epoch-stale", Problem.Action.REATTEST);
    e.enrolled();
    assertThat(e.id).isNotEqualTo(overtaken);
    assertThat(e.epoch).isEqualTo(2);
    e.beat(100);
    assertThat(World.outputTokens(world.view(), "reserved")).as("granted once").isEqualTo(2_100);
  }

  @Tag("AR-20")
  @Test
  void afterARecallTheSameEnclaveAttestsAgainAndItsChainGoesOn() throws Exception {
    Enclave e = world.enclave().enrolled();
    e.beat(100);
    recall();
    recall();
    Signed<Heartbeat> stale = e.signed(e.heartbeat(Owner.out(200)));
    world.assertRefused(e.post(stale), stale.hash(), "epoch-stale", Problem.Action.REATTEST);
    e.challengedAgain();
    assertThat(e.epoch).isEqualTo(3);
    Bundles.EvidencePost post = e.evidencePost(e.statement(), e.ik);
    World.Answer answer = e.attest(post);
    Bundles.EnrolmentReply reply = answer.as(Bundles.EnrolmentReply.class);
    assertThat(reply.grant()).isEmpty();
    assertThat(reply.keyrelease()).isEmpty();
    assertThat(reply.staple()).isPresent();
    assertThat(e.attest(post).text()).isEqualTo(answer.text());
    e.beat(200);
    assertThat(e.grant.body().epoch()).isEqualTo(3);
    assertThat(e.end(Owner.out(210)).status()).isEqualTo(200);
  }

  @Tag("AR-20")
  @Test
  void underASuspendedLeaseItAttestsAgainWithoutAStapleAndStaysInHold() throws Exception {
    Enclave e = world.enclave().enrolled();
    world.order(world.stop(Order.Action.SUSPEND), world.owner.operator);
    recall();
    e.challengedAgain();
    assertThat(e.attest().as(Bundles.EnrolmentReply.class).staple()).isEmpty();
    Bundles.HeartbeatReply reply = e.beat(10);
    assertThat(e.grant.body().mode()).isEqualTo(Mode.HOLD);
    assertThat(reply.commands().stream().map(c -> type(e, c)))
        .containsExactly(Command.Type.SUSPEND, Command.Type.RECALL);
  }

  @Test
  void aReattestationWithOtherKeysIsRefused() throws Exception {
    Enclave e = world.enclave().enrolled();
    recall();
    e.challengedAgain();
    e.sk = HpkeKeyPair.generate();
    world.assertRefused(e.attest(), e.evidence.hash(), "duplicate-key", Problem.Action.STOP);
  }

  @Tag("AR-07")
  @Test
  void aRecalledProgramIsRefusedAndItsFinalBringsTheUnansweredHeartbeat() throws Exception {
    Enclave e = world.enclave().enrolled();
    e.beat(100);
    Hash before = world.owner.measurements(1, Optional.empty(), Owner.MEASUREMENT).hash();
    world.register(
        "measurements",
        world.owner.measurements(2, Optional.of(before), new HexBytes("66".repeat(48))).envelope());
    recall();
    Signed<Heartbeat> unanswered = e.signed(e.heartbeat(Owner.out(300)));
    world.assertRefused(
        e.post(unanswered), unanswered.hash(), "epoch-stale", Problem.Action.REATTEST);
    e.challengedAgain();
    world.assertRefused(
        e.attest(), e.evidence.hash(), "evidence-rejected:measurement", Problem.Action.STOP);
    e.sent(unanswered);
    Signed<Final> last = Dsse.sign(Statements.FINAL, e.last(Owner.out(320)), e.ik);
    String untouched = world.view().write();
    List<Envelope> wrong = new ArrayList<>();
    wrong.add(Dsse.sign(Statements.HEARTBEAT, unanswered.body(), world.owner.stranger).envelope());
    wrong.add(Dsse.sign(Statements.HEARTBEAT, e.heartbeat(Owner.out(300)), e.ik).envelope());
    for (Envelope w : wrong) {
      World.Answer refused = e.end(last, Optional.of(w));
      world.assertRefused(refused, last.hash(), "seq-gap", Problem.Action.RETRY);
    }
    world.assertRefused(
        e.end(last, Optional.empty()), last.hash(), "seq-gap", Problem.Action.RETRY);
    assertThat(world.view().write()).isEqualTo(untouched);
    World.Answer closed = e.end(last, Optional.of(unanswered.envelope()));
    assertThat(closed.status()).as(closed.text()).isEqualTo(200);
    assertThat(e.end(last, Optional.of(unanswered.envelope())).text()).isEqualTo(closed.text());
    assertThat(World.outputTokens(world.view(), "x")).isZero();
    assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(320);
  }

  private void recall() {
    world.order(
        world.owner.order(Order.Action.RECALL, 0, 0, world.clock.millis()), world.owner.approver);
  }

  private static Command.Type type(Enclave e, Bundles.CommandItem item) {
    return e.own(Statements.COMMAND, item.command()).body().type();
  }
}
