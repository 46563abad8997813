package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Protocol §19, row by row, over TLS with forged but verified evidence (BH-14, OS-02). */
@ParameterizedClass
@EnumSource
@Tag("BH-14")
@Tag("D14")
class WorkedExampleTest {
  @Parameter Engine engine;
  @TempDir Path folder;

  @Tag("OS-02")
  @Test
  void everyNumberOfTheWorkedExample() throws Exception {
    try (World world = new World(folder, engine).lend()) {
      Enclave a = world.enclave().enrolled();
      assertRow(world, a, 2_000, 2_000, 0, 2_000);
      Enclave b = world.enclave().enrolled();
      assertRow(world, b, 2_000, 4_000, 0, 4_000);
      a.beat(1_472);
      assertRow(world, a, 3_472, 5_472, 1_472, 4_000);

      silenceOf(world, b, a);
      assertRow(world, b, 2_000, 5_472, 1_472, 4_000);
      Enclave c = world.enclave().enrolled();
      assertRow(world, c, 1_000, 6_472, 1_472, 5_000);
      a.beat(3_264);
      assertRow(world, a, 5_264, 8_264, 3_264, 5_000);

      Bundles.OrderReply revoked = world.revoke();
      assertThat(revoked.x()).isEqualTo(Owner.out(5_000));
      assertThat(revoked.unresolved()).containsExactlyInAnyOrder(a.id, b.id, c.id);
      assertThat(revoked.residual()).isEqualTo(Owner.out(0));

      Closure closed =
          a.own(Statements.CLOSURE, a.end(Owner.out(3_340)).as(Bundles.FinalReply.class).closure())
              .body();
      assertThat(closed.refund()).isEqualTo(Owner.out(1_924));
      assertRow(world, a, 3_340, 6_340, 3_340, 3_000);
      Bundles.HeartbeatReply stopped = c.beat(384);
      assertThat(c.grant.body().mode()).isEqualTo(Mode.STOP);
      assertThat(stopped.staple()).isEmpty();
      assertRow(world, c, 1_000, 6_340, 3_724, 2_616);
      c.end(Owner.out(400)).as(Bundles.FinalReply.class);
      assertRow(world, c, 400, 5_740, 3_740, 2_000);

      assertThat(World.text(world.view(), "state")).isEqualTo("REVOKED");
      Bundles.OrderReply gone =
          world.order(forInstance(world, Order.Action.WRITE_OFF, b), world.owner.approver);
      assertThat(gone.residual()).isEqualTo(Owner.out(2_000));
      assertThat(gone.x()).isEqualTo(Owner.out(0));
      assertRow(world, b, 2_000, 5_740, 5_740, 0);
      assertThat(World.text(world.view(), "state")).isEqualTo("SETTLED");
    }
  }

  /** B says nothing for ttl + grace while A goes on. */
  private static void silenceOf(World world, Enclave silent, Enclave other) {
    for (int i = 0; i < 10; i++) {
      world.clock.advance(10_000);
      other.beat(1_472);
    }
    assertThat(World.text(world.view("/v1/instances/" + other.id), "state")).isEqualTo("ACTIVE");
    assertThat(silent.post(silent.signed(silent.heartbeat(Owner.out(0)))).status()).isEqualTo(409);
  }

  static Order forInstance(World world, Order.Action action, Enclave e) {
    Order o = world.stop(action);
    return new Order(
        o.action(),
        o.leaseId(),
        Target.of(e.id),
        o.leaseVer(),
        o.afterCseq(),
        o.args(),
        o.reason(),
        o.nonce(),
        o.issuedAt(),
        o.expiresAt(),
        o.approvals());
  }

  private static void assertRow(
      World world, Enclave e, long allow, long reserved, long settled, long exposure) {
    Json.Obj lease = world.view();
    assertThat(World.outputTokens(lease, "reserved")).isEqualTo(reserved);
    assertThat(World.outputTokens(lease, "settled")).isEqualTo(settled);
    assertThat(World.outputTokens(lease, "x")).isEqualTo(exposure);
    assertThat(World.outputTokens(world.view("/v1/instances/" + e.id), "allow")).isEqualTo(allow);
  }
}
