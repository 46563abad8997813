package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Order;
import dev.leasehold.custodian.api.Problems;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Writer;
import dev.leasehold.custodian.time.Recurring;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database server dies without warning and comes back: no reply without a commit in between,
 * and nobody has to repair anything afterwards.
 */
class CF10PostgresDownTest {
  private static final String SEQUENCER = "the log's sequencer";

  @TempDir Path folder;

  @Test
  void withoutItsDatabaseACustodianPromisesNothingAndThenGoesOn() throws Exception {
    try (TestPostgres postgres = TestPostgres.fresh(true);
        World world = new World(folder, postgres.database()).lend();
        Said said = new Said(Recurring.class);
        Said readers = new Said(Store.class);
        Said writer = new Said(Writer.class);
        Said requests = new Said(Problems.class)) {
      Enclave e = world.enclave().enrolled();
      Signed<Heartbeat> answered = e.heartbeatOf(100);
      Signed<Grant> lastGrant = e.grant;
      World.Answer reply = e.post(answered);
      e.accept(answered, reply.as(Bundles.HeartbeatReply.class));
      Signed<Heartbeat> outstanding = e.heartbeatOf(200);
      for (int death = 0; death < 2; death++) {
        postgres.kill();
        World.Answer refused = e.post(outstanding);
        assertThat(refused.status()).as(refused.text()).isEqualTo(503);
        assertThat(refused.isSigned()).as("no enclave may act on it").isFalse();
        assertThat(world.send(world.stop(Order.Action.REVOKE), world.owner.operator).status())
            .as("nothing is said to be stopped that is not")
            .isEqualTo(503);
        for (int i = 0; i < 3; i++) {
          assertThat(world.get("/healthz").status()).isEqualTo(503);
        }
        await().until(() -> count(said, SEQUENCER + " fails") > 0);
        postgres.restart();
        assertThat(e.postBeat(answered.envelope(), lastGrant.envelope()).text())
            .as("what was answered is there, and the first request finds the server again")
            .isEqualTo(reply.text());
        await().until(() -> count(said, SEQUENCER + " works again") > 0);
        assertThat(count(said, SEQUENCER)).as(said.lines() + "").isEqualTo(2);
        assertThat(said.events()).allMatch(l -> l.getThrowableProxy() == null);
        said.forget();
        for (Said s : List.of(readers, writer)) {
          await().until(() -> count(s, "works again") > 0);
          assertThat(s.lines()).as("one line when it fails, and one when it works").hasSize(2);
          assertThat(s.events()).allMatch(l -> l.getThrowableProxy() == null);
          s.forget();
        }
        assertThat(requests.lines()).as("nothing for each request").isEmpty();
      }
      e.accept(outstanding, e.post(outstanding).as(Bundles.HeartbeatReply.class));
      assertThat(world.get("/healthz").status()).isEqualTo(200);
      assertThat(world.incidents()).isEmpty();
      assertThat(World.outputTokens(world.view(), "settled")).isEqualTo(200);
    }
  }

  private static long count(Said said, String words) {
    return said.lines().stream().filter(l -> l.contains(words)).count();
  }
}
