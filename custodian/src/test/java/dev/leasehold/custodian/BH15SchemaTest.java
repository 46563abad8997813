package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.lease.Order;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The database itself refuses books that must not be, whoever writes them (BH-15). */
@ParameterizedClass
@EnumSource
@Tag("BH-15")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BH15SchemaTest {
  @Parameter Engine engine;
  @TempDir static Path folder;
  private World world;
  private World revoked;

  @BeforeParameterizedClassInvocation
  void books(Engine on) throws Exception {
    world = new World(folder.resolve(on + "live"), on).lend();
    Enclave e = world.enclave().enrolled();
    e.beat(500);
    world.enclave().enrolled();
    revoked = new World(folder.resolve(on + "revoked"), on).lend();
    revoked.enclave().enrolled().beat(500);
    revoked.revoke();
  }

  @AfterParameterizedClassInvocation
  void close() {
    world.close();
    revoked.close();
  }

  static Stream<String> live() {
    return Stream.of(
        "UPDATE lease SET reserved_out = budget_out + 1",
        "UPDATE lease SET reserved_out = settled_out + expmax_out + 1",
        "UPDATE lease SET settled_out = reserved_out + 1",
        "UPDATE lease SET settled_out = -1",
        "UPDATE lease SET budget_out = 9007199254740992",
        "UPDATE lease SET reserved_out = 'many'",
        "UPDATE lease SET settled_out = x'01'",
        "UPDATE lease SET reserved_mf = NULL",
        "UPDATE lease SET expmax_in = 'x'",
        "UPDATE lease SET stop_out = 5000",
        "UPDATE lease SET state = 'REVOKED'",
        "UPDATE lease SET state = 'GONE'",
        "UPDATE lease SET state = 'SETTLED', stop_rq = 0, stop_in = 0, stop_out = reserved_out, stop_mf = 0",
        "UPDATE lease SET version = 0",
        "UPDATE lease SET epoch = 0",
        "UPDATE lease SET cseq = -1",
        "UPDATE lease SET envelope_hash = 'none'",
        "UPDATE instance SET used_out = allow_out + 1",
        "UPDATE instance SET used_out = 'x'",
        "UPDATE instance SET allow_out = -1",
        "UPDATE instance SET slot = NULL",
        "UPDATE instance SET slot = 0",
        "UPDATE instance SET slot = 3",
        "UPDATE instance SET slot = 1",
        "UPDATE instance SET state = 'CLOSED'",
        "UPDATE instance SET state = 'CHALLENGED'",
        "UPDATE instance SET state = 'GONE'",
        "UPDATE instance SET ik = NULL",
        "UPDATE instance SET ik = 'same'",
        "UPDATE instance SET sk_hash = 'same'",
        "UPDATE instance SET evidence_hash = 'same'",
        "UPDATE instance SET platform_id = 'sev-snp:nowhere'",
        "UPDATE instance SET gpu_id = 'same'",
        "UPDATE instance SET seq = -1",
        "UPDATE challenge SET state = 'MAYBE'",
        "UPDATE platform SET state = 'FINE'",
        "UPDATE platform SET tier = 'D'",
        "INSERT INTO command (lease_id, cseq, body) SELECT lease_id, 0, '' FROM lease",
        "INSERT INTO key_release (instance_id, body) SELECT instance_id, '' FROM instance",
        "DELETE FROM envelope");
  }

  static Stream<String> afterRevoke() {
    return Stream.of(
        "UPDATE lease SET reserved_out = reserved_out + 1",
        "UPDATE lease SET stop_out = NULL",
        "UPDATE lease SET stop_out = reserved_out - 1",
        "UPDATE lease SET stop_out = 'x'",
        "UPDATE lease SET state = 'ACTIVE'",
        "UPDATE lease SET state = 'SETTLED'");
  }

  @ParameterizedTest
  @MethodSource("live")
  void aConstraintRefuses(String sql) {
    assertRefused(world, sql);
  }

  @ParameterizedTest
  @MethodSource("afterRevoke")
  void afterARevokeAConstraintRefuses(String sql) {
    assertRefused(revoked, sql);
  }

  @Tag("CF-04")
  @Test
  void whatTheConstraintsAllowIsFoundByTheSums() throws Exception {
    try (World edited = new World(folder.resolve(engine + "edited"), engine).lend()) {
      edited.enclave().enrolled().beat(500);
      edited.stop();
      edited.sql("UPDATE instance SET used_out = used_out - 100"); // CF-04
      edited.start();
      assertThat(edited.get("/healthz").text()).contains("not the sums of its instances");
      assertThat(edited.enclave().hello(Owner.id().hex()).status()).isEqualTo(503);
      assertThat(edited.order(edited.stop(Order.Action.REVOKE), edited.owner.operator).x())
          .as("unknown: at most budget less what is settled")
          .isEqualTo(Owner.out(9_500));
    }
  }

  /** PostgreSQL rounds a literal before it is a counter; what it stores obeys every rule. */
  @ParameterizedTest
  @CsvSource({
    "lease, reserved_out, 4000.5, 4001",
    "lease, residual_rq, 0.5, 1",
    "lease, ver, 1.5, 2",
    "lease, stop_in, 0.5, 1",
    "instance, allow_out, 1000.25, 1000",
    "instance, slot, 1.5, 2"
  })
  void aFractionIsRefusedOrRounded(String table, String column, String fraction, long whole)
      throws Exception {
    String sql = "UPDATE " + table + " SET " + column + " = " + fraction;
    if (engine == Engine.SQLITE) {
      assertRefused(world, sql);
      return;
    }
    try {
      assertThat(world.after(sql, "SELECT MIN(" + column + ") FROM " + table)).isEqualTo(whole);
    } catch (SQLException e) {
      assertThat(e.getSQLState()).as(String.valueOf(e.getMessage())).startsWith("23");
    }
  }

  private void assertRefused(World world, String sql) {
    assertThatThrownBy(() -> world.sql(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            SQLException.class,
            e ->
                assertThat(String.valueOf(e.getMessage()) + e.getSQLState())
                    .containsPattern(engine == Engine.SQLITE ? "constraint" : "(23|22|42)...$"));
  }
}
