package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.lease.Order;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the constraints let through and no step wrote is found by comparing, and freezes. */
@Tag("CF-04")
class CF04EditedLedgerTest {
  private static final String UNSTOP =
      "UPDATE lease SET state = 'ACTIVE', stop_rq = NULL, stop_in = NULL, stop_out = NULL,"
          + " stop_mf = NULL";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "UPDATE lease SET budget_out = budget_out + 1, not what its envelope states",
    "UPDATE lease SET expmax_out = expmax_out + 1, not what its envelope states",
    "UPDATE lease SET settled_out = settled_out + 1, not the sums of its instances",
    "UPDATE instance SET used_out = used_out - 1, not the sums of its instances",
    "UPDATE instance SET allow_out = allow_out + 1, not the sums of its instances"
  })
  void aNumberThatNoStepWrote(String sql, String found) throws Exception {
    try (World world = new World(folder).lend()) {
      world.enclave().enrolled().beat(500);
      assertFound(world, sql, found);
    }
  }

  @Test
  void aSuspensionThatNoQuorumLifted() throws Exception {
    try (World world = new World(folder).lend()) {
      world.enclave().enrolled().beat(500);
      world.order(world.stop(Order.Action.SUSPEND), world.owner.operator);
      assertFound(world, UNSTOP, "is ACTIVE, its newest command says otherwise");
    }
  }

  @Test
  void aRevokedLeaseThatLives() throws Exception {
    try (World world = new World(folder).lend()) {
      world.enclave().enrolled().beat(500);
      world.revoke();
      assertFound(world, UNSTOP, "is ACTIVE, its newest command says otherwise");
    }
  }

  @Test
  void aRevokedLeaseThatIsMerelySuspended() throws Exception {
    try (World world = new World(folder).lend()) {
      world.enclave().enrolled().beat(500);
      world.revoke();
      assertFound(
          world,
          "UPDATE lease SET state = 'SUSPENDED'",
          "is SUSPENDED, its newest command says otherwise");
    }
  }

  @Test
  void whatStepsWroteIsInOrder() throws Exception {
    try (World world = new World(folder).lend()) {
      Enclave e = world.enclave().enrolled();
      e.beat(500);
      world.order(world.stop(Order.Action.SUSPEND), world.owner.operator);
      world.order(
          world.owner.order(Order.Action.RESUME, 1, 1, world.clock.millis()), world.owner.approver);
      world.register(
          "leases", world.owner.sign(Leases.next(world.lease, Owner.out(20_000))).envelope());
      assertHealthyAfterRestart(world);
      world.revoke();
      assertHealthyAfterRestart(world);
      e.end(Owner.out(501));
      assertHealthyAfterRestart(world);
    }
  }

  private static void assertHealthyAfterRestart(World world) throws Exception {
    world.stop();
    world.start();
    assertThat(world.get("/healthz").text()).contains("\"status\":\"ok\"");
  }

  private static void assertFound(World world, String sql, String found) throws Exception {
    world.stop();
    world.sql(sql);
    world.start();
    assertThat(world.get("/healthz").text()).contains(found);
    assertThat(world.enclave().hello(Owner.id().hex()).status()).isEqualTo(503);
  }
}
