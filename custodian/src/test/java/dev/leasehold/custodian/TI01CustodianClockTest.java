package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.guard.Mode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The clock of the custodian's own machine, set wrongly: stops come early, nothing comes back. */
@Tag("TI-01")
class TI01CustodianClockTest {
  private static final long YEAR_MS = TimeUnit.DAYS.toMillis(365);

  @TempDir Path folder;
  private World world;
  private Enclave e;

  @BeforeEach
  void enrolled() throws Exception {
    world = new World(folder).lend();
    e = world.enclave().enrolled();
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aYearBackGivesNoStatementAnEarlierTime() {
    e.beat(10);
    long newest = e.grant.body().issuedAt();
    world.clock.advance(-YEAR_MS);
    e.beat(20);
    assertThat(e.grant.body().issuedAt()).isGreaterThanOrEqualTo(newest);
    assertThat(e.grant.body().mode()).isEqualTo(Mode.RUN);
    assertThat(World.outputTokens(world.view(), "x")).isEqualTo(2_000);
  }

  @Test
  void aYearForwardEndsTheLeaseAndAYearBackDoesNotReviveIt() throws Exception {
    world.clock.advance(YEAR_MS);
    assertThat(e.post(e.heartbeatOf(10)).status()).as("silent for a year: fenced").isEqualTo(409);
    assertExpired();
    world.clock.advance(-YEAR_MS);
    assertThat(world.enclave().hello(Owner.id().hex()).status()).isEqualTo(423);
    world.stop();
    world.start();
    assertExpired();
    assertThat(world.enclave().hello(Owner.id().hex()).status()).isEqualTo(423);
  }

  private void assertExpired() {
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () -> world.get("/metrics").text().contains("leasehold_leases{state=\"EXPIRED\"} 1"));
  }
}
