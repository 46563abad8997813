package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Order;
import dev.leasehold.custodian.store.LedgerDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kernel itself refuses what a custodian writes: to everything, to its ledger, to its anchor.
 * Whoever asks is told "not now"; nothing that was answered is lost or contradicted, and with the
 * room comes the answer.
 */
@Tag("CF-10")
@Timeout(120)
class CF10FullDiskTest {
  /** More steps than fit into a block of the anchor's, which may be there already. */
  private static final int MOST_THAT_FIT = 200;

  @TempDir Path folder;
  private World world;
  private Enclave e;
  private String token;
  private Order revoke;
  private Path ledgerVolume;
  private Path anchorVolume;
  private Process child;

  /** The newest exchange. */
  private Answered answered;

  /** A heartbeat that was answered, and how. */
  private record Answered(Signed<Heartbeat> heartbeat, Envelope lastGrant, String reply) {}

  @BeforeEach
  void enrolled() throws Exception {
    world = new World(folder).lend();
    e = world.enclave().enrolled();
    e.beat(100);
    answered = answered(200);
    token = world.operatorToken();
    revoke = world.stop(Order.Action.REVOKE);
    ledgerVolume = folder.resolve("ledger-volume");
    anchorVolume = folder.resolve("anchor-volume");
    world.stop();
  }

  @AfterEach
  void end() throws Exception {
    if (child != null) {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void noWriteSucceedsForAWhile() throws Exception {
    child = world.startChild();
    Signed<Heartbeat> outstanding = e.heartbeatOf(300);
    Json.Obj before = seen();
    fileSizes("0");
    assertPromisesNothing(outstanding);
    assertUnchanged(before);
    fileSizes("unlimited");
    assertGoesOn(outstanding);
  }

  @Test
  void theVolumeOfTheLedgerIsFull() throws Exception {
    try (Volumes volumes = volumes()) {
      assertThat(start(volumes)).isEmpty();
      Signed<Heartbeat> outstanding = e.heartbeatOf(300);
      Json.Obj before = seen();
      volumes.fill(ledgerVolume);
      assertPromisesNothing(outstanding);
      assertUnchanged(before);

      kill();
      volumes.makeRoom(ledgerVolume);
      assertThat(start(volumes)).isEmpty();
      assertGoesOn(outstanding);
    }
  }

  @Test
  void theVolumeOfTheAnchorIsFull() throws Exception {
    try (Volumes volumes = volumes()) {
      assertThat(start(volumes)).isEmpty();
      volumes.fill(anchorVolume);
      Signed<Heartbeat> outstanding = e.heartbeatOf(300);
      for (int i = 0; i < MOST_THAT_FIT && e.post(outstanding).status() == 200; i++) {
        answered = answered(300);
        outstanding = e.heartbeatOf(300);
      }
      assertPromisesNothing(outstanding);
      assertThat(World.text(seen(), "state"))
          .as("a stop that is not known to be durable holds all the same")
          .isEqualTo("REVOKED");

      kill();
      assertThat(start(volumes)).as("without room for its anchor it does not serve").isNotEmpty();
      volumes.makeRoom(anchorVolume);
      assertThat(start(volumes)).isEmpty();
      assertGoesOn(outstanding);
    }
  }

  @Test
  void onAReadOnlyVolumeNothingIsServed() throws Exception {
    try (Volumes volumes = volumes()) {
      assertThat(start(volumes)).isEmpty();
      kill();
      for (Path volume : List.of(ledgerVolume, anchorVolume)) {
        volumes.readOnly(volume);
        assertThat(start(volumes)).contains(volume.toString()).containsIgnoringCase("read");
        volumes.writable(volume);
      }
      assertThat(start(volumes)).isEmpty();
      assertGoesOn(e.heartbeatOf(300));
    }
  }

  /** What is asked is refused, and with no word that anybody may act on. */
  private void assertPromisesNothing(Signed<Heartbeat> outstanding) {
    for (int i = 0; i < 2; i++) {
      World.Answer refused = e.post(outstanding);
      assertThat(refused.status()).as(refused.text()).isEqualTo(503);
      assertThat(refused.isSigned()).as("no enclave may act on it").isFalse();
      assertThat(refused.text()).doesNotContain("\"grant\"");
    }
    World.Answer stop = world.send(revoke, world.owner.operator);
    assertThat(stop.status()).as("nothing is said to be stopped: " + stop.text()).isEqualTo(503);
  }

  private void assertUnchanged(Json.Obj before) {
    Json.Obj now = seen();
    for (String field : List.of("state", "cseq", "reserved", "settled", "x", "unresolved")) {
      assertThat(now.get(field))
          .as("nothing was promised or stopped: " + field)
          .isPresent()
          .isEqualTo(before.get(field));
    }
  }

  /** The same bytes get the same answer, the unanswered ones an answer, and the books balance. */
  private void assertGoesOn(Signed<Heartbeat> outstanding) {
    assertThat(e.postBeat(answered.heartbeat.envelope(), answered.lastGrant).text())
        .isEqualTo(answered.reply);
    Envelope lastGrant = e.grant.envelope();
    World.Answer answer = e.post(outstanding);
    e.accept(outstanding, answer.as(Bundles.HeartbeatReply.class));
    assertThat(e.postBeat(outstanding.envelope(), lastGrant).text()).isEqualTo(answer.text());

    Bundles.OrderReply stopped = world.order(revoke, world.owner.operator);
    assertThat(stopped.unresolved()).containsExactly(e.id);
    assertThat(stopped.x()).isEqualTo(Owner.out(e.grant.body().allow().outputTokens() - 300));
    assertThat(world.send(revoke, world.owner.operator).as(Bundles.OrderReply.class))
        .as("the proof of the stop, as often as it is asked for")
        .isEqualTo(stopped);
    e.beat(350);
    assertThat(e.grant.body().mode()).isEqualTo(Mode.STOP);
    assertThat(e.end(Owner.out(350)).status()).isEqualTo(200);
    Json.Obj books = seen();
    assertThat(World.outputTokens(books, "settled")).isEqualTo(350);
    assertThat(World.outputTokens(books, "reserved")).as("the rest came back").isEqualTo(350);
    assertThat(World.text(books, "state")).isEqualTo("SETTLED");
    assertThat(world.get("/healthz").status()).isEqualTo(200);
  }

  private Answered answered(long outputTokens) {
    Signed<Heartbeat> h = e.heartbeatOf(outputTokens);
    Envelope lastGrant = e.grant.envelope();
    World.Answer answer = e.post(h);
    e.accept(h, answer.as(Bundles.HeartbeatReply.class));
    return new Answered(h, lastGrant, answer.text());
  }

  private Json.Obj seen() {
    return world.get("/v1/leases/" + world.leaseId(), "Authorization", "Bearer " + token).json();
  }

  /** How long a file of the child's may get; what is beyond, the kernel writes to none of them. */
  private void fileSizes(String limit) {
    Shell.succeed(
        List.of("prlimit", "--pid", String.valueOf(child.pid()), "--fsize=" + limit + ":"));
  }

  /** The ledger on one volume and the anchor on another. */
  private Volumes volumes() throws Exception {
    Volumes volumes = Volumes.mount(ledgerVolume, anchorVolume);
    volumes.copy(world.folder.resolve("custodian.db"), ledgerVolume);
    volumes.copy(world.folder.resolve("anchor"), anchorVolume);
    return volumes;
  }

  /** Starts a custodian over the volumes; returns why it did not start, empty if it did. */
  private String start(Volumes volumes) throws Exception {
    ProcessBuilder command =
        world.child(
            ChildJvm.quick(),
            new LedgerDatabase.SqliteFile(ledgerVolume.resolve("custodian.db")),
            anchorVolume.resolve("anchor"));
    command.command().addAll(0, volumes.enter());
    Path err = Files.createTempFile(folder, "child", ".err");
    child = command.redirectError(err.toFile()).start();
    return world.talkTo(child) ? "" : Files.readString(err, StandardCharsets.UTF_8);
  }

  private void kill() throws Exception {
    child.destroyForcibly().waitFor();
  }
}
