package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Each check of protocol §6.3 refuses what breaks it, names itself and moves no number. */
@ParameterizedClass
@EnumSource
class HeartbeatTest {
  @Parameter Engine engine;
  @TempDir Path folder;
  private World world;
  private Enclave enclave;

  @BeforeEach
  void enrolled() throws Exception {
    world = new World(folder, engine).lend();
    enclave = world.enclave().enrolled();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Tag("BH-01")
  @Test
  void aRepeatedHeartbeatGetsTheSameBytesAndOnlyTheNewestTwoAreKept() {
    Grant zero = enclave.grant.body();
    assertThat(zero.allow()).isEqualTo(Owner.out(2_000));
    Exchange first = exchange(100);
    Exchange second = exchange(200);
    assertThat(first.repeat().text()).isEqualTo(first.answer.text());
    assertThat(second.repeat().text()).isEqualTo(second.answer.text());
    exchange(300);
    assertThat(second.repeat().text()).isEqualTo(second.answer.text());
    String before = world.view().write();
    assertProblem(first.repeat(), first.sent.hash(), "seq-gap", Problem.Action.RETRY);
    assertThat(world.view().write()).isEqualTo(before);
    assertThat(world.incidents()).isEmpty();
  }

  @Test
  void aSkippedNumberAnotherPastAndAnotherAckAreGaps() {
    enclave.beat(100);
    Heartbeat next = enclave.heartbeat(Owner.out(200));
    Hash other = new Hash("ab".repeat(32));
    assertRefused(with(next, next.seq() + 1, next.prev(), next.ack(), next.used()), "seq-gap");
    assertRefused(with(next, next.seq(), other, next.ack(), next.used()), "seq-gap");
    assertThat(enclave.post(enclave.signed(next)).status()).isEqualTo(200);
  }

  @Tag("BH-02")
  @Test
  void useAndCountsNeverShrink() {
    enclave.beat(100);
    assertRefused(enclave.heartbeat(Owner.out(99)), "malformed");
    enclave.beat(100);
    assertRefused(withoutCounts(enclave.heartbeat(Owner.out(100))), "malformed");
  }

  @Tag("BH-02")
  @Tag("D6")
  @Test
  void useAboveTheAllowanceQuarantinesTheMachine() {
    long before = World.outputTokens(world.view(), "settled");
    Signed<Heartbeat> h = enclave.signed(enclave.heartbeat(Owner.out(2_001)));
    assertProblem(enclave.post(h), h.hash(), "overspend", Problem.Action.STOP);
    assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(before);
    assertThat(world.incidents()).contains("overspend");
    assertThat(World.text(world.view("/v1/instances/" + enclave.id), "state")).isEqualTo("FENCED");
    Signed<Heartbeat> later = enclave.signed(enclave.heartbeat(Owner.out(1)));
    assertProblem(enclave.post(later), later.hash(), "fenced", Problem.Action.STOP);
    Enclave again = world.enclave().challenged();
    assertThat(again.attest().status()).isEqualTo(403);
  }

  @Tag("BH-02")
  @Test
  void theLargestNumberIsAnOverspendToo() {
    Signed<Heartbeat> h =
        enclave.signed(enclave.heartbeat(new Vec(Vec.MAX, Vec.MAX, Vec.MAX, Vec.MAX)));
    assertProblem(enclave.post(h), h.hash(), "overspend", Problem.Action.STOP);
  }

  @Tag("D7")
  @Test
  void twoHeartbeatsWithOneNumberSuspendTheLeaseAndQuarantineTheMachine() {
    Heartbeat honest = enclave.heartbeat(Owner.out(100));
    Signed<Heartbeat> twin = enclave.signed(enclave.heartbeat(Owner.out(50)));
    assertThat(enclave.post(enclave.signed(honest)).status()).isEqualTo(200);
    assertProblem(enclave.post(twin), twin.hash(), "equivocation", Problem.Action.STOP);
    assertThat(World.text(world.view(), "state")).isEqualTo("SUSPENDED");
    assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(100);
    assertThat(world.incidents()).contains("equivocation");
  }

  @Tag("D7")
  @Test
  void anotherKeyAnotherInstanceAndAnUnreadableMessageAreNotHeard() throws Exception {
    Signed<Heartbeat> forged =
        Dsse.sign(
            Statements.HEARTBEAT,
            enclave.heartbeat(Owner.out(1)),
            Ed25519Signer.generate(Owner.RANDOM));
    assertProblem(enclave.post(forged), forged.hash(), "bad-signature", Problem.Action.RETRY);

    Enclave other = world.enclave().enrolled();
    World.Answer crossed =
        world.post(
            "/v1/instances/" + enclave.id + "/heartbeat",
            new byte[0],
            "Authorization",
            "Bearer " + other.token);
    assertThat(crossed.status()).isEqualTo(401);
    assertThat(crossed.isSigned()).isFalse();

    World.Answer garbage =
        enclave.post("heartbeat", "{\"heartbeat\":1}".getBytes(StandardCharsets.UTF_8));
    assertThat(garbage.status()).isEqualTo(400);
    assertThat(garbage.isSigned()).isFalse();
    assertThat(garbage.text()).contains("HeartbeatPost.heartbeat: expected an object");
  }

  @Test
  void onlyOurOwnGrantCanBeAcknowledged() {
    Signed<Heartbeat> h = enclave.signed(enclave.heartbeat(Owner.out(1)));
    Signed<Grant> forged = Dsse.sign(Statements.GRANT, enclave.grant.body(), world.owner.stranger);
    assertProblem(
        enclave.postBeat(h.envelope(), forged.envelope()),
        h.hash(),
        "bad-signature",
        Problem.Action.RETRY);
    Grant zero = enclave.grant.body();
    enclave.beat(1);
    Signed<Heartbeat> next = enclave.signed(enclave.heartbeat(Owner.out(2)));
    World.Answer mismatched = enclave.postBeat(next.envelope(), h.envelope());
    assertThat(mismatched.status()).isEqualTo(400);
    assertThat(zero.seq()).isZero();
  }

  @Test
  void anotherEpochOrIncarnationIsStale() {
    world.order(
        world.owner.order(Order.Action.RECALL, 0, 0, world.clock.millis()), world.owner.approver);
    Signed<Heartbeat> h = enclave.signed(enclave.heartbeat(Owner.out(1)));
    assertProblem(enclave.post(h), h.hash(), "epoch-stale", Problem.Action.REATTEST);
    enclave.epoch = 2; // claims the new policy without having attested under it
    Signed<Heartbeat> claimed = enclave.signed(enclave.heartbeat(Owner.out(1)));
    assertProblem(enclave.post(claimed), claimed.hash(), "epoch-stale", Problem.Action.REATTEST);
    assertThat(World.outputTokens(world.view(), "settled")).isZero();
  }

  @Tag("BH-09")
  @Test
  void afterTheFinalNothingIsHeardAndContinuingIsAnIncident() {
    enclave.beat(10);
    Signed<Heartbeat> afterwards = enclave.signed(enclave.heartbeat(Owner.out(20)));
    assertThat(enclave.end(Owner.out(20)).status()).isEqualTo(200);
    assertProblem(enclave.post(afterwards), afterwards.hash(), "closed", Problem.Action.STOP);
    assertThat(world.incidents()).contains("heartbeat-after-final");
    assertThat(World.outputTokens(world.view(), "x")).isZero();
  }

  @Test
  void silenceFencesForGoodAndFreesTheSlotButNotTheExposure() {
    world.clock.advance(91_000);
    Signed<Heartbeat> h = enclave.signed(enclave.heartbeat(Owner.out(1)));
    assertProblem(enclave.post(h), h.hash(), "fenced", Problem.Action.STOP);
    assertThat(World.outputTokens(world.view(), "x")).isEqualTo(2_000);
  }

  @Tag("BH-11")
  @Test
  void useNoMachineIsCapableOfSuspendsTheLease() throws Exception {
    try (World large =
        new World(folder.resolve("large"), engine)
            .lend(l ->
                Leases.with(
                    l, Owner.out(1_000_000_000), Owner.out(100_000_000), Owner.out(200_000_000)))) {
      Enclave e = large.enclave().enrolled();
      large.clock.advance(1_000);
      Bundles.HeartbeatReply reply = e.beat(10_000_000);
      assertThat(e.grant.body().mode()).isEqualTo(Mode.HOLD);
      assertThat(e.grant.body().allow()).isEqualTo(Owner.out(100_000_000));
      assertThat(reply.staple()).isEmpty();
      assertThat(large.incidents()).contains("implausible-use");
      assertThat(World.text(large.view(), "state")).isEqualTo("SUSPENDED");
    }
  }

  @Tag("TI-05")
  @Test
  void underASuspendedLeaseUseIsSettledAndNothingIsGiven() {
    world.order(world.stop(Order.Action.SUSPEND), world.owner.operator);
    Vec before = enclave.grant.body().allow();
    Bundles.HeartbeatReply reply = enclave.beat(500);
    assertThat(enclave.grant.body().mode()).isEqualTo(Mode.HOLD);
    assertThat(enclave.grant.body().allow()).isEqualTo(before);
    assertThat(reply.commands()).hasSize(1);
    assertThat(reply.commands().getFirst().order()).isPresent();
    assertThat(World.outputTokens(world.view(), "x")).isEqualTo(1_500);
    assertThat(enclave.beat(600).commands()).isEmpty();
  }

  @Test
  void aLeaseThatIsOverIsExpiredAndAnswersStop() throws Exception {
    try (World brief =
        new World(folder.resolve("brief"), engine)
            .lend(l -> Leases.until(l, System.currentTimeMillis() + 60_000))) {
      Enclave e = brief.enclave().enrolled();
      brief.clock.advance(70_000);
      e.beat(100);
      assertThat(e.grant.body().mode()).isEqualTo(Mode.STOP);
      assertThat(World.text(brief.view(), "state")).isEqualTo("EXPIRED");
      assertThat(e.end(Owner.out(120)).status()).isEqualTo(200);
      assertThat(World.text(brief.view(), "state")).isEqualTo("SETTLED");
    }
  }

  @Test
  void aNewerLeaseTravelsWithTheNextRepliesUntilItIsSurelySeen() {
    enclave.beat(10);
    Signed<dev.leasehold.core.lease.Lease> next =
        world.owner.sign(Leases.next(world.lease, Owner.out(20_000)));
    world.register("leases", next.envelope());
    Bundles.HeartbeatReply reply = enclave.beat(20);
    assertThat(reply.lease()).containsExactly(next.envelope());
    world.clock.advance(61_000);
    assertThat(enclave.beat(25).lease()).as("perhaps not seen yet, if clocks were set").hasSize(1);
    assertThat(enclave.beat(30).lease()).isEmpty();
    assertThat(World.outputTokens(world.view(), "budget")).isEqualTo(20_000);
  }

  @Tag("D8")
  @Tag("D10")
  @Test
  void aNewerRosterTravelsToEveryEnclaveUntilItIsSurelySeen() throws Exception {
    Enclave other = world.enclave().enrolled();
    Signed<Roster> next =
        Dsse.sign(
            Statements.ROSTER,
            world.owner.rosterBody(world.server, 2, Optional.of(world.roster.hash())),
            world.owner.approver);
    world.register("rosters", next.envelope());
    assertThat(enclave.beat(10).roster()).containsExactly(next.envelope());
    world.clock.advance(61_000);
    assertThat(enclave.beat(15).roster()).as("perhaps not seen yet, if clocks were set").hasSize(1);
    assertThat(enclave.beat(20).roster()).isEmpty();
    assertThat(other.beat(10).roster()).containsExactly(next.envelope());
    Enclave later = world.enclave();
    other.end(Owner.out(10));
    assertThat(later.enrolled().beat(10).roster()).as("its evidence named it").isEmpty();
  }

  @Test
  void bothChainsOfTwoInstancesAreTheirOwn() throws Exception {
    Enclave other = world.enclave().enrolled();
    Heartbeat mine = enclave.heartbeat(Owner.out(1));
    Id foreign = other.id;
    Signed<Heartbeat> named =
        enclave.signed(
            new Heartbeat(
                mine.leaseId(),
                foreign,
                1,
                1,
                1,
                mine.prev(),
                mine.ack(),
                mine.used(),
                mine.mode(),
                0,
                0,
                0,
                mine.lengths(),
                0,
                0,
                0));
    assertProblem(enclave.post(named), named.hash(), "malformed", Problem.Action.RETRY);
  }

  /** Signed by the enclave's own key: a patched enclave, or one whose memory was written to. */
  @Tag("BH-02")
  @Tag("BH-13")
  @Test
  void aPayloadThatIsNotTheOneSerialisationIsMalformedWhoeverSignsIt() {
    byte[] honest = Statements.HEARTBEAT.encode(enclave.heartbeat(Owner.out(100)));
    String text = new String(honest, StandardCharsets.UTF_8);
    List<String> bent = new ArrayList<>();
    for (String n : List.of("-1", "\"100\"", "100.0", "1e2", "9007199254740992", "null", "0100")) {
      bent.add(text.replace("\"outputTokens\":100", "\"outputTokens\":" + n));
    }
    bent.add(text.replace("\"seq\":1,", "").replace("\"v\":1,", "\"v\":1,\"seq\":1,"));
    bent.add(text.replace("\"v\":1,", "\"v\":1, "));
    bent.add(text.replace("\"RUN\"", "\"WALK\""));
    bent.add(text.replace("\"cseq\":0", "\"cseq\":0,\"note\":1"));
    bent.add(text.replace("\"pad\":\"0", "\"pad\":\"1"));
    String before = world.view().write();
    for (String b : bent) {
      assertThat(b).isNotEqualTo(text);
      for (String payload : List.of(b, padded(b))) {
        World.Answer answer = enclave.postBeat(signedRaw(payload), enclave.grant.envelope());
        assertThat(answer.status()).as(payload + " -> " + answer.text()).isEqualTo(400);
        assertThat(answer.isSigned()).isFalse();
      }
    }
    assertThat(world.view().write()).isEqualTo(before);
    assertThat(enclave.postBeat(signedRaw(text), enclave.grant.envelope()).status()).isEqualTo(200);
  }

  /** The same with its pad cut or filled, so that the length alone does not betray it. */
  private static String padded(String bent) {
    int excess = bent.length() - 1_024;
    int pad = bent.indexOf("\"pad\":\"") + 7;
    return excess > 0
        ? bent.substring(0, pad) + bent.substring(pad + excess)
        : bent.substring(0, pad) + "0".repeat(-excess) + bent.substring(pad);
  }

  private Envelope signedRaw(String payload) {
    byte[] body = payload.getBytes(StandardCharsets.UTF_8);
    String type = Statements.HEARTBEAT.payloadType();
    String head = "DSSEv1 " + type.length() + " " + type + " " + body.length + " ";
    return new Envelope(
        type, Bytes.of(body), enclave.ik.sign((head + payload).getBytes(StandardCharsets.UTF_8)));
  }

  /** A heartbeat, the grant it acknowledged, and the answer. */
  private record Exchange(
      Enclave enclave, Signed<Heartbeat> sent, Envelope lastGrant, World.Answer answer) {
    World.Answer repeat() {
      return enclave.postBeat(sent.envelope(), lastGrant);
    }
  }

  private Exchange exchange(long used) {
    Signed<Heartbeat> h = enclave.signed(enclave.heartbeat(Owner.out(used)));
    Envelope lastGrant = enclave.grant.envelope();
    World.Answer answer = enclave.post(h);
    enclave.accept(h, answer.as(Bundles.HeartbeatReply.class));
    return new Exchange(enclave, h, lastGrant, answer);
  }

  private void assertRefused(Heartbeat h, String name) {
    Signed<Heartbeat> signed = enclave.signed(h);
    String before = world.view().write();
    assertProblem(enclave.post(signed), signed.hash(), name, Problem.Action.RETRY);
    assertThat(world.view().write()).isEqualTo(before);
  }

  private void assertProblem(
      World.Answer answer, Hash answers, String name, Problem.Action action) {
    Problem p = world.problem(answer, answers);
    assertThat(p.name()).isEqualTo(name);
    assertThat(p.action()).isEqualTo(action);
    assertThat(p.detail()).isNotBlank();
    assertThat(List.of(p.leaseId(), p.instanceId())).containsExactly(world.leaseId(), enclave.id);
  }

  private static Heartbeat with(Heartbeat h, long seq, Hash prev, Hash ack, Vec used) {
    return new Heartbeat(
        h.leaseId(),
        h.instanceId(),
        h.epoch(),
        h.incarnation(),
        seq,
        prev,
        ack,
        used,
        h.mode(),
        h.finished(),
        h.aborted(),
        h.denied(),
        h.lengths(),
        h.monoMs(),
        h.tMin(),
        h.cseq());
  }

  private static Heartbeat withoutCounts(Heartbeat h) {
    return new Heartbeat(
        h.leaseId(),
        h.instanceId(),
        h.epoch(),
        h.incarnation(),
        h.seq(),
        h.prev(),
        h.ack(),
        h.used(),
        h.mode(),
        0,
        0,
        0,
        Collections.nCopies(Heartbeat.BUCKETS, 0L),
        0,
        h.tMin(),
        h.cseq());
  }
}
