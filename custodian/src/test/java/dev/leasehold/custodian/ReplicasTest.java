package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.TilePath;
import dev.leasehold.custodian.log.LogDesk;
import dev.leasehold.custodian.problem.Rejected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two custodians over one ledger: a client of either sees one truth. */
class ReplicasTest {
  private static final int HEARTBEATS = Scale.of(10_000, 100);

  @TempDir Path folder;
  private World one;
  private World two;
  private Enclave e;

  @BeforeEach
  void start() throws Exception {
    one =
        new World(folder, Engine.POSTGRES)
            .lend(l -> Leases.with(l, Owner.out(100_000_000), Owner.out(2_000), Owner.out(9_000)));
    two = one.secondDoor();
    e = one.enclave().enrolled();
  }

  @AfterEach
  void close() {
    two.close();
    one.close();
  }

  @Tag("CF-02")
  @Test
  @DisplayName("CF-02: one heartbeat to both replicas at once")
  void oneHeartbeatToBothIsOneStepAndOneReply() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= HEARTBEATS; i++) {
        Signed<Heartbeat> h = e.heartbeatOf(i);
        CountDownLatch go = new CountDownLatch(1);
        Future<World.Answer> here = threads.submit(() -> post(go, one, h));
        Future<World.Answer> there = threads.submit(() -> post(go, two, h));
        go.countDown();
        Bundles.HeartbeatReply reply = here.get().as(Bundles.HeartbeatReply.class);
        assertThat(there.get().text()).isEqualTo(here.get().text());
        e.accept(h, reply);
      }
    }
    assertThat(one.after("SELECT 1", "SELECT ver FROM lease"))
        .as("opened, one grant 0, one step for each heartbeat")
        .isEqualTo(2 + HEARTBEATS);
    assertThat(World.outputTokens(two.view(), "settled")).isEqualTo(HEARTBEATS);
    assertThat(one.incidents()).isEmpty();
  }

  private World.Answer post(CountDownLatch go, World door, Signed<Heartbeat> h) throws Exception {
    go.await();
    return e.post(door, h);
  }

  @Test
  void aCommandWakesWhoWaitsAtTheOtherReplica() throws Exception {
    CompletableFuture<World.Answer> waiting =
        CompletableFuture.supplyAsync(() -> e.get(two, "commands?after=0&waitMs=20000"));
    one.order(one.stop(Order.Action.SUSPEND), one.owner.operator);
    assertThat(waiting.get(10, TimeUnit.SECONDS).as(Bundles.CommandsReply.class).commands())
        .hasSize(1);
  }

  @Test
  void aRevokeAtOneStopsWhoBeatsAtTheOther() {
    e.beat(10);
    assertThat(one.revoke().x()).isEqualTo(Owner.out(2_000));
    e.world = two;
    e.beat(20);
    assertThat(e.grant.body().mode()).isEqualTo(Mode.STOP);
    assertThat(two.send(two.stop(Order.Action.SUSPEND), two.owner.operator).status())
        .isEqualTo(201);
  }

  @Test
  void aSecondHelloOfTheSameKeyGetsTheSameChallengeFromEither() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      String key = Owner.id().hex();
      List<Future<World.Answer>> answers = new ArrayList<>();
      for (World door : List.of(one, two)) {
        Enclave there = new Enclave(door, one.chip);
        answers.add(threads.submit(() -> there.hello(key)));
      }
      assertThat(answers.getFirst().get().status()).isEqualTo(201);
      assertThat(answers.getFirst().get().text()).isEqualTo(answers.getLast().get().text());
    }
  }

  @Test
  void whatOneHasJustPublishedTheOtherProves() throws Exception {
    Envelope revoke =
        Dsse.sign(Statements.ORDER, one.stop(Order.Action.REVOKE), one.owner.operator).envelope();
    one.stop();
    two.stop();
    try (Office here = LogRows.office(one);
        Office there = LogRows.office(two)) {
      here.logKeeper().sequence();
      there.logKeeper().sequence();
      long before = size(there);
      here.services().orders().accept(revoke);
      here.logKeeper().sequence();
      long after = size(here);
      assertThat(size(there)).as("it has not looked yet").isEqualTo(before).isLessThan(after);
      LogDesk desk = there.services().log();
      assertThatThrownBy(() -> desk.consistency(before, after + 1)).isInstanceOf(Rejected.class);
      assertThat(size(there)).isEqualTo(before);
      assertThat(desk.piece(TilePath.of(0, 0, after)).length()).isEqualTo(32 * after);
      assertThat(size(there)).isEqualTo(after);
      assertThat(desk.consistency(before, after)).isNotNull();
    }
  }

  private long size(Office office) throws Exception {
    return Checkpoint.parse(
            office.services().log().checkpoint(), one.server.log().origin(), one.server.log().key())
        .size();
  }

  @Test
  void whatIsRegisteredAtOneIsInForceAtTheOther() {
    Signed<dev.leasehold.core.lease.Lease> next =
        one.owner.sign(Leases.next(one.lease, Owner.out(50_000_000)));
    two.register("leases", next.envelope());
    assertThat(one.post("/v1/leases", next.envelope()).status()).isEqualTo(200);
    assertThat(e.beat(10).lease()).containsExactly(next.envelope());
  }

  @Tag("CF-03")
  @Test
  @DisplayName("CF-03: a ledger that goes back while it runs is frozen for all replicas")
  void whatOneFindsFreezesAllUntilTheLeaseIsRevokedAnywhere() throws Exception {
    e.beat(10);
    one.sql("UPDATE lease SET ver = 1");
    assertFrozen(one, e.heartbeatOf(20));
    assertFrozen(two, e.heartbeatOf(20));
    assertThat(two.get("/healthz").text()).contains("already answered");
    assertThat(two.revoke().x())
        .as("unknown: what is not settled")
        .isEqualTo(Owner.out(99_999_990));
    assertThat(one.get("/healthz").status()).isEqualTo(200);
    assertThat(two.get("/healthz").status()).isEqualTo(200);
    one.stop();
    one.start();
    assertThat(one.get("/healthz").status())
        .as("its anchor is ahead, of a lease that promises nothing any more")
        .isEqualTo(200);
  }

  @Tag("CF-03")
  @Test
  @DisplayName("CF-03: a step that only a dead replica's anchor knows, and the other has told")
  void whatAReplicaTellsAgainForOneThatIsGoneItRemembers() throws Exception {
    Signed<Heartbeat> h = e.heartbeatOf(10);
    World.Answer first = e.post(one, h);
    one.stop();
    assertThat(e.post(two, h).text()).isEqualTo(first.text());
    e.accept(h, first.as(Bundles.HeartbeatReply.class));
    two.sql("UPDATE lease SET ver = ver - 1");
    assertFrozen(two, e.heartbeatOf(20));
  }

  private void assertFrozen(World door, Signed<Heartbeat> h) {
    Problem p = door.problem(e.post(door, h), h.hash());
    assertThat(p.name()).isEqualTo("frozen");
  }

  @Test
  void aReplicaThatIsStartedAgainKnowsWhatTheOtherDid() throws Exception {
    two.stop();
    e.beat(10);
    two.start();
    e.world = two;
    e.beat(20);
    e.world = one;
    e.beat(30);
    e.world = two;
    assertThat(e.end(Owner.out(40)).status()).isEqualTo(200);
    assertThat(one.get("/healthz").status()).isEqualTo(200);
    assertThat(two.get("/healthz").status()).isEqualTo(200);
  }
}
