package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Stopping needs one, starting the quorum (protocol §6.4, §13); here the quorum is two. */
@ParameterizedClass
@EnumSource
class OrdersTest {
  @Parameter Engine engine;
  @TempDir Path folder;
  private World world;
  private Owner owner;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder, Template.Two.TWO, engine).lend();
    owner = world.owner;
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Tag("OS-09")
  @Tag("D4")
  @Tag("D15")
  @Tag("D26")
  @ParameterizedTest
  @EnumSource(Order.Action.class)
  void whoMayNotOrderIsRefusedAndNothingHappens(Order.Action action) {
    String before = world.view().write();
    Order order = world.stop(action);
    assertThat(world.send(order, owner.stranger).status()).isEqualTo(403);
    assertThat(world.send(order, owner.approver, owner.stranger).status()).isEqualTo(403);
    assertThat(world.send(order, owner.bk).status()).isEqualTo(403);
    if (!action.stops()) {
      assertThat(world.send(order, owner.operator).status()).isEqualTo(403);
    }
    if (!action.stops() && action != Order.Action.RECALL) {
      assertThat(world.send(order, owner.approver).status()).isEqualTo(403);
    }
    assertThat(world.view().write()).isEqualTo(before);
  }

  /** The key of a console, which its server holds: it stops, and signs nothing else. */
  @Tag("OS-09")
  @Test
  void aStopOnlyKeySignsNoStandingObject() {
    Map<String, Envelope> wishes =
        Map.of(
            "rosters",
            Dsse.sign(
                    Statements.ROSTER,
                    owner.rosterBody(world.server, 2, Optional.of(world.roster.hash())),
                    owner.operator)
                .envelope(),
            "leases",
            Dsse.sign(Statements.LEASE, Leases.next(world.lease, Owner.out(20_000)), owner.operator)
                .envelope(),
            "measurements",
            Dsse.sign(
                    Statements.MEASUREMENTS,
                    owner
                        .measurements(
                            2,
                            Optional.of(
                                owner.measurements(1, Optional.empty(), Owner.MEASUREMENT).hash()),
                            Owner.MEASUREMENT)
                        .body(),
                    owner.operator)
                .envelope(),
            "borrowers",
            Dsse.sign(Statements.BORROWER, owner.borrower(owner.now + 1).body(), owner.operator)
                .envelope());
    String before = world.view().write();
    wishes.forEach((collection, wish) -> {
      World.Answer answer = world.post("/v1/" + collection, wish);
      assertThat(answer.status()).as(collection + ": " + answer.text()).isEqualTo(403);
      assertThat(answer.text()).contains("not a key allowed");
    });
    assertThat(world.view().write()).isEqualTo(before);
  }

  @Test
  void oneOperatorSuspendsAndTheQuorumResumes() throws Exception {
    Enclave e = world.enclave().enrolled();
    Bundles.OrderReply reply = world.order(world.stop(Order.Action.SUSPEND), owner.operator);
    assertThat(reply.x()).isEqualTo(Owner.out(2_000));
    assertThat(reply.unresolved()).containsExactly(e.id);
    assertState("SUSPENDED");
    assertThat(world.enclave().hello(Owner.id().hex()).status()).isEqualTo(423);
    e.beat(10);
    assertThat(e.grant.body().mode()).isEqualTo(Mode.HOLD);

    world.order(resume(1, 1), owner.quorum());
    assertState("ACTIVE");
    e.beat(20);
    assertThat(e.grant.body().mode()).isEqualTo(Mode.RUN);
    assertThat(e.grant.body().cseq()).isEqualTo(2);
  }

  @Tag("OS-06")
  @Test
  void aResumeThatWasSignedForAnotherMomentIsRefused() {
    assertThat(world.send(resume(1, 0), owner.quorum()).status())
        .as("not suspended")
        .isEqualTo(409);
    world.order(world.stop(Order.Action.SUSPEND), owner.operator);
    assertRefused(resume(2, 1), "leaseVer", owner.quorum());
    assertRefused(resume(1, 0), "afterCseq", owner.quorum());
    assertRefused(
        owner.order(Order.Action.RESUME, 1, 1, world.clock.millis() - 700_000),
        "expiresAt",
        owner.quorum());
    assertRefused(resume(1, 1), "not a key allowed", owner.operator);
    assertRefused(resume(1, 1), "signatures of 2 approvers", owner.approver);
    assertRefused(change(resume(1, 1), Owner.id(), Map.of()), "order.leaseId", owner.quorum());
    world.order(world.stop(Order.Action.SUSPEND), owner.operator);
    assertRefused(resume(1, 1), "afterCseq", owner.quorum());
    assertState("SUSPENDED");
  }

  @Test
  void aRepeatedOrderGetsTheStoredReplyAndIsNotCarriedOutAgain() throws Exception {
    Enclave e = world.enclave().enrolled();
    Order order = world.stop(Order.Action.SUSPEND);
    World.Answer first = world.send(order, owner.operator);
    assertThat(first.status()).isEqualTo(201);
    world.order(resume(1, 1), owner.quorum());
    e.beat(500);
    World.Answer second = world.send(order, owner.operator);
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.text()).isEqualTo(first.text());
    assertState("ACTIVE");
  }

  @Test
  void revokedIsForGood() throws Exception {
    Enclave e = world.enclave().enrolled();
    e.beat(300);
    Bundles.OrderReply x = world.revoke();
    assertThat(x.x()).isEqualTo(Owner.out(2_000));
    assertThat(world.send(resume(1, 1), owner.quorum()).status()).isEqualTo(409);
    assertThat(world.send(world.stop(Order.Action.ACTIVATE), owner.quorum()).status())
        .isEqualTo(409);
    assertThat(world.send(world.stop(Order.Action.RECALL), owner.approver).status()).isEqualTo(409);
    assertThat(world.order(world.stop(Order.Action.SUSPEND), owner.operator).x())
        .isEqualTo(Owner.out(2_000));
    assertState("REVOKED");
    assertThat(
            world
                .post(
                    "/v1/leases",
                    owner.sign(Leases.next(world.lease, Owner.out(20_000))).envelope())
                .status())
        .isEqualTo(409);
    assertThat(e.end(Owner.out(310)).status()).isEqualTo(200);
    assertState("SETTLED");
  }

  @Test
  void aDrainIsForOneInstanceAndOnlyForTheOneThatWasThere() throws Exception {
    Enclave a = world.enclave().enrolled();
    Enclave b = world.enclave().enrolled();
    world.order(WorkedExampleTest.forInstance(world, Order.Action.DRAIN, a), owner.operator);
    assertThat(a.beat(10).commands()).hasSize(1);
    assertThat(a.grant.body().mode()).isEqualTo(Mode.DRAIN);
    assertThat(b.beat(10).commands()).isEmpty();
    assertThat(b.grant.body().mode()).isEqualTo(Mode.RUN);
    a.end(Owner.out(10));
    Enclave later = world.enclave().enrolled();
    later.beat(1);
    assertThat(later.grant.body().mode()).isEqualTo(Mode.RUN);
  }

  @Test
  void aDraftIsActivatedByTheQuorum() throws Exception {
    world.sql(
        "UPDATE lease SET state = 'DRAFT', stop_rq = 0, stop_in = 0, stop_out = 0, stop_mf = 0");
    assertThat(world.enclave().hello(Owner.id().hex()).status()).isEqualTo(423);
    world.order(world.stop(Order.Action.ACTIVATE), owner.quorum());
    assertState("ACTIVE");
    world.enclave().enrolled();
  }

  @Test
  void onlyAFencedInstanceIsWrittenOffAndItsRestIsShownForEver() throws Exception {
    Enclave e = world.enclave().enrolled();
    e.beat(400);
    Order writeOff = WorkedExampleTest.forInstance(world, Order.Action.WRITE_OFF, e);
    assertThat(world.send(writeOff, owner.quorum()).status()).isEqualTo(409);
    world.clock.advance(200_000);
    assertThat(e.post(e.signed(e.heartbeat(Owner.out(500)))).status()).isEqualTo(409);
    Bundles.OrderReply reply =
        world.order(
            WorkedExampleTest.forInstance(world, Order.Action.WRITE_OFF, e), owner.quorum());
    assertThat(reply.residual()).isEqualTo(Owner.out(2_000));
    assertThat(reply.x()).isEqualTo(Owner.out(0));
    World.Answer late = e.end(Owner.out(450));
    assertThat(late.status()).isEqualTo(410);
    assertThat(world.incidents()).contains("final-after-write-off");
    assertThat(World.outputTokens(world.view(), "residual")).isEqualTo(2_000);
    assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(2_400);
  }

  @Test
  void aQuarantineStopsWhatRunsOnTheMachineAndTellsIt() throws Exception {
    Enclave e = world.enclave().enrolled();
    Order q =
        change(
            world.stop(Order.Action.QUARANTINE),
            world.leaseId(),
            Map.of("platformId", world.chip.platformId()));
    Bundles.OrderReply reply = world.order(q, owner.operator);
    assertThat(reply.unresolved()).containsExactly(e.id);
    assertThat(World.text(world.view("/v1/instances/" + e.id), "state")).isEqualTo("FENCED");
    assertThat(e.get("commands?after=0").as(Bundles.CommandsReply.class).commands()).hasSize(1);
    assertState("ACTIVE");
    assertThat(
            world
                .send(
                    change(
                        world.stop(Order.Action.QUARANTINE),
                        world.leaseId(),
                        Map.of("platformId", "sev-snp:00")),
                    owner.operator)
                .status())
        .isEqualTo(409);
  }

  @Test
  void wholeLeaseOrdersNameTheWholeLease() throws Exception {
    Enclave e = world.enclave().enrolled();
    assertThat(
            world
                .send(WorkedExampleTest.forInstance(world, Order.Action.REVOKE, e), owner.operator)
                .status())
        .isEqualTo(400);
    assertState("ACTIVE");
  }

  @Tag("D15")
  @Test
  void theViewsNeedATokenAndChangeNothing() {
    for (String path : List.of("/v1/leases", "/v1/leases/" + world.leaseId(), "/v1/incidents")) {
      assertThat(world.get(path).status()).isEqualTo(401);
      assertThat(world.get(path, "Authorization", "Bearer " + "ab".repeat(32)).status())
          .isEqualTo(401);
    }
    String token = world.operatorToken();
    assertThat(world.get("/v1/leases", "Authorization", "Bearer " + token).status()).isEqualTo(200);
    world.clock.advance(12 * 3_600_000 + 60_000);
    assertThat(world.get("/v1/leases", "Authorization", "Bearer " + token).status())
        .as("12 hours later")
        .isEqualTo(401);
    assertThat(world.get("/healthz").text()).contains("\"status\":\"ok\"");
    assertThat(world.get("/metrics").text())
        .contains("leasehold_leases{state=\"ACTIVE\"} 1")
        .contains("component=\"output_tokens\"} 0")
        .contains("leasehold_missed_heartbeats")
        .contains("leasehold_expiry_seconds");
  }

  private void assertRefused(Order order, String names, Ed25519Signer... signers) {
    World.Answer answer = world.send(order, signers);
    assertThat(answer.status()).as(answer.text()).isEqualTo(403);
    assertThat(answer.text()).contains(names);
  }

  private void assertState(String state) {
    Json.Obj lease = world.view();
    assertThat(World.text(lease, "state")).isEqualTo(state);
  }

  private Order resume(long leaseVer, long afterCseq) {
    return owner.order(Order.Action.RESUME, leaseVer, afterCseq, world.clock.millis());
  }

  private static Order change(Order o, Id lease, Map<String, String> args) {
    return new Order(
        o.action(),
        lease,
        o.instanceId(),
        o.leaseVer(),
        o.afterCseq(),
        args,
        o.reason(),
        o.nonce(),
        o.issuedAt(),
        o.expiresAt(),
        o.approvals());
  }
}
