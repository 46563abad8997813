package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Heartbeat;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No reply without a commit, whatever ails the database; and nothing to repair afterwards. */
@Tag("CF-10")
class CF10DatabaseTroubleTest {
  /** An answer, and when it was here. */
  private record Arrived(World.Answer answer, long nanos) {}

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
  void aSlowCommitDelaysTheReplyAndReadersSeeNothingOfIt() throws Exception {
    Signed<Heartbeat> h = e.heartbeatOf(300);
    String token = Custodian.operatorToken(world.folder);
    CompletableFuture<Arrived> answer;
    long released;
    try (Connection other = connection();
        Statement lock = other.createStatement()) {
      lock.execute("BEGIN IMMEDIATE");
      answer = CompletableFuture.supplyAsync(() -> new Arrived(e.post(h), System.nanoTime()));
      for (int i = 0; i < 20; i++) {
        assertThat(World.outputTokens(seen(token), "settled")).isEqualTo(100);
      }
      released = System.nanoTime();
      lock.execute("ROLLBACK");
    }
    Arrived arrived = answer.get(30, TimeUnit.SECONDS);
    assertThat(arrived.nanos() - released).as("no reply before the commit").isPositive();
    e.accept(h, arrived.answer().as(Bundles.HeartbeatReply.class));
    assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(300);
  }

  @Test
  void aDatabaseThatRefusesAStepAnswersNobodyAndRecoversByItself() throws Exception {
    String before = world.view().write();
    Envelope lastGrant = e.grant.envelope();
    Signed<Heartbeat> h = e.heartbeatOf(300);
    world.sql(
        "CREATE TRIGGER refuses BEFORE INSERT ON exchange"
            + " BEGIN SELECT RAISE(ABORT, 'not this one'); END");
    World.Answer refused = e.postBeat(h.envelope(), lastGrant);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.text()).doesNotContain("\"grant\"");
    assertThat(world.view().write()).as("nothing was promised").isEqualTo(before);

    world.sql("DROP TRIGGER refuses");
    e.accept(h, e.postBeat(h.envelope(), lastGrant).as(Bundles.HeartbeatReply.class));
    assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(300);
    assertThat(world.get("/healthz").status()).isEqualTo(200);
  }

  private Json.Obj seen(String token) {
    return world.get("/v1/leases/" + world.leaseId(), "Authorization", "Bearer " + token).json();
  }

  private Connection connection() throws Exception {
    return DriverManager.getConnection("jdbc:sqlite:" + world.folder.resolve("custodian.db"));
  }
}
