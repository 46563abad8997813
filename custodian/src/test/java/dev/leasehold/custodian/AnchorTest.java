package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.custodian.store.Anchor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that went back is noticed, and nothing more is promised (protocol §8.5, CF-09). */
@Tag("CF-09")
class AnchorTest {
  @TempDir Path folder;
  private World world;
  private Enclave e;

  @BeforeEach
  void enrolled() throws Exception {
    world = new World(folder).lend();
    e = world.enclave().enrolled();
    e.beat(100);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void anOlderDatabaseFreezesTheNodeUntilTheLeaseIsRevoked() throws Exception {
    backUp();
    world.start();
    e.beat(200);
    restore();
    world.start();
    assertThat(world.get("/healthz").status()).isEqualTo(503);
    assertThat(world.get("/healthz").text()).contains("the anchor remembers ledger version");
    assertFrozen(e.heartbeatOf(300));
    assertThat(world.enclave().hello(Owner.id().hex()).status()).isEqualTo(503);
    assertThat(world.get("/v1/instances/" + e.id + "/staple").status()).isEqualTo(503);
    assertThat(world.send(world.stop(Order.Action.RECALL), world.owner.approver).status())
        .isEqualTo(503);
    world.order(world.stop(Order.Action.SUSPEND), world.owner.operator);
    assertThat(world.get("/healthz").status()).isEqualTo(503);

    Bundles.OrderReply revoked = world.revoke();
    assertThat(revoked.x()).as("at most budget − settled").isEqualTo(Owner.out(9_900));
    assertThat(world.get("/healthz").status()).isEqualTo(200);
    world.stop();
    world.start();
    assertThat(world.get("/healthz").status()).isEqualTo(200);
    Signed<Heartbeat> fromBefore = e.heartbeatOf(300);
    assertThat(world.problem(e.post(fromBefore), fromBefore.hash()).name()).isEqualTo("seq-gap");
    assertThat(world.get("/healthz").status())
        .as("what an enclave still holds freezes nobody again")
        .isEqualTo(200);
    assertThat(World.text(world.view(), "state")).isEqualTo("REVOKED");
    assertThat(world.view().write()).contains("\"xKnown\":false");
  }

  @Test
  void databaseAndAnchorTogetherAreBetrayedByOurOwnGrant() throws Exception {
    backUp();
    Path anchor = world.folder.resolve("anchor");
    Path saved = world.folder.resolve("anchor.saved");
    Files.copy(anchor, saved);
    world.start();
    e.beat(200);
    restore();
    Files.copy(saved, anchor, StandardCopyOption.REPLACE_EXISTING);
    world.start();
    assertThat(world.get("/healthz").status()).isEqualTo(200);
    assertFrozen(e.heartbeatOf(300));
    assertThat(world.get("/healthz").text()).contains("bears our signature");
    assertThat(world.incidents()).contains("rollback");
    world.stop();
    world.start();
    assertThat(world.get("/healthz").status()).as("remembered").isEqualTo(503);
  }

  @Tag("CF-03")
  @Test
  void aLedgerThatGoesBackWhileItRunsFreezes() throws Exception {
    world.sql("UPDATE lease SET ver = 1");
    assertFrozen(e.heartbeatOf(200));
    assertThat(world.get("/healthz").text()).contains("already answered");
    assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(100);
    assertThat(world.revoke().unresolved()).containsExactly(e.id);
    assertThat(world.get("/healthz").status()).isEqualTo(200);
  }

  @Test
  void aTornTailIsIgnoredAndAnAlteredRecordFreezes() throws Exception {
    Path anchor = world.folder.resolve("anchor");
    world.stop();
    Files.write(anchor, new byte[17], StandardOpenOption.APPEND);
    world.start();
    assertThat(world.get("/healthz").status()).isEqualTo(200);
    e.beat(200);
    world.stop();
    assertThat(Files.size(anchor) % 32).isZero();
    byte[] bytes = Files.readAllBytes(anchor);
    bytes[20] ^= 1;
    Files.write(anchor, bytes);
    world.start();
    assertThat(world.get("/healthz").text()).contains("anchor record 0");
    assertFrozen(e.heartbeatOf(300));
    world.revoke();
    assertThat(world.get("/healthz").status()).isEqualTo(200);
  }

  @Test
  void aStepThatACrashKeptFromTheAnchorIsRememberedBeforeItIsAnsweredAgain() throws Exception {
    backUp();
    Path anchor = world.folder.resolve("anchor");
    byte[] before = Files.readAllBytes(anchor);
    world.start();
    Signed<Heartbeat> committed = e.heartbeatOf(200);
    String answered = e.post(committed).text();
    world.stop();
    Files.write(anchor, before);
    world.start();
    assertThat(e.post(committed).text()).isEqualTo(answered);
    restore();
    world.start();
    assertThat(world.get("/healthz").text()).contains("the anchor remembers ledger version");
  }

  @Test
  void withoutItsAnchorALedgerIsNotServed() throws Exception {
    world.stop();
    Files.delete(world.folder.resolve("anchor"));
    assertThatThrownBy(() -> world.start())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected the anchor");
    Anchor.create(world.folder.resolve("anchor"));
    world.start();
    assertThat(world.get("/healthz").status())
        .as("an empty anchor knows nothing that the database lacks")
        .isEqualTo(200);
  }

  @Test
  void aKeyFileThatOthersCanReadIsNotUsed() throws Exception {
    world.stop();
    Path kek = world.folder.resolve("keys/kek");
    Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> world.start()).hasMessageContaining("expected mode rw-------");
    Files.setPosixFilePermissions(kek, PosixFilePermissions.fromString("rw-------"));
    world.start();
  }

  private void assertFrozen(Signed<Heartbeat> h) {
    Problem p = world.problem(e.post(h), h.hash());
    assertThat(p.name()).isEqualTo("frozen");
    assertThat(p.action()).isEqualTo(Problem.Action.RETRY);
  }

  private void backUp() throws IOException {
    world.stop();
    copy("", ".saved");
  }

  private void restore() throws IOException {
    world.stop();
    copy(".saved", "");
  }

  private void copy(String from, String to) throws IOException {
    for (String name : List.of("custodian.db", "custodian.db-wal", "custodian.db-shm")) {
      Path source = world.folder.resolve(name + from);
      Path target = world.folder.resolve(name + to);
      Files.deleteIfExists(target);
      if (Files.exists(source)) {
        Files.copy(source, target);
      }
    }
  }
}
