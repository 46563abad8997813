package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.LogMonitor;
import dev.leasehold.core.audit.Report;
import dev.leasehold.core.audit.Rule;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.story.MemoryMirror;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a custodian logs is audited: consistent when it is honest, and not when it was edited. */
class CF04TableEditsTest {
  @TempDir Path folder;
  private World world;
  private Enclave a;
  private Enclave b;

  @BeforeEach
  void lend() throws Exception {
    world = new World(folder).lend();
    a = world.enclave().enrolled();
    b = world.enclave().enrolled();
    a.beat(1_472);
  }

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void aWholeLifeIsConsistentAndTheAccountsAreTheCustodiansOwn() throws Exception {
    world.order(world.stop(Order.Action.SUSPEND), world.owner.operator);
    a.beat(1_500);
    world.order(
        world.owner.order(Order.Action.RESUME, 1, 1, world.clock.millis()), world.owner.quorum());
    a.beat(1_600);
    world.register(
        "leases", world.owner.sign(Leases.next(world.lease, Owner.out(20_000))).envelope());
    world.order(world.stop(Order.Action.RECALL), world.owner.approver);
    for (Enclave e : new Enclave[] {a, b}) {
      e.challengedAgain();
      assertThat(e.attest().status()).isEqualTo(200);
    }
    a.beat(1_700);
    world.order(WorkedExampleTest.forInstance(world, Order.Action.DRAIN, a), world.owner.operator);
    a.beat(1_800);
    a.end(Owner.out(1_850));
    world.revoke();
    b.beat(64);
    Report open = audit();
    assertThat(open.findings()).isEmpty();
    assertAccounts(open.leases().getFirst());
    b.end(Owner.out(70));

    Report settled = audit();
    assertThat(settled.findings()).isEmpty();
    Report.LeaseAccount lease = settled.leases().getFirst();
    assertThat(lease.state()).isEqualTo(LeaseState.SETTLED);
    assertThat(lease.revocations().getFirst().unresolved()).isEqualTo(Vec.ZERO);
    assertAccounts(lease);
  }

  private void assertAccounts(Report.LeaseAccount lease) {
    assertThat(lease.promised().outputTokens())
        .isEqualTo(World.outputTokens(world.view(), "reserved"));
    assertThat(lease.proven().outputTokens())
        .isEqualTo(World.outputTokens(world.view(), "settled"));
    assertThat(lease.exposure().outputTokens()).isEqualTo(World.outputTokens(world.view(), "x"));
  }

  @Test
  void aLeaseSetBackToActiveAfterItsRevokeGivesItselfAway() throws Exception {
    world.revoke();
    world.sql(
        "UPDATE lease SET state = 'ACTIVE', stop_rq = NULL, stop_in = NULL, stop_out = NULL,"
            + " stop_mf = NULL");
    a.beat(1_600);
    assertThat(audit().findings())
        .extracting(Finding::rule)
        .contains(Rule.RAISED_AFTER_STOP, Rule.GRANT_MODE);
  }

  @Test
  void aBudgetRaisedInTheTableGivesItselfAway() throws Exception {
    world.sql("UPDATE lease SET budget_out = 1000000");
    for (long used = 3_000; used <= 12_000; used += 1_500) {
      world.clock.advance(10_000);
      a.beat(used);
    }
    assertThat(audit().findings())
        .extracting(Finding::rule)
        .contains(Rule.ALLOW_CEILING, Rule.BUDGET);
  }

  /** What the log itself shows to anybody who follows it, once everything is in it. */
  private Report audit() throws Exception {
    LogMonitor monitor =
        LogMonitor.open(
            this::fetch, new MemoryMirror(), Optional.of(world.roster.body().approverSet()));
    await()
        .until(() -> {
          monitor.poll();
          return monitor.size() == logged();
        });
    return monitor.report();
  }

  private byte[] fetch(String path) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(world.uri().resolve("/log/").resolve(path)).build();
    try {
      return world.http().send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    } catch (InterruptedException e) {
      throw new InterruptedIOException(path);
    }
  }

  private long logged() throws SQLException {
    try (Connection c =
            DriverManager.getConnection("jdbc:sqlite:" + world.folder.resolve("custodian.db"));
        Statement s = c.createStatement();
        ResultSet count = s.executeQuery("SELECT COUNT(*) FROM log_entry")) {
      return count.getLong(1);
    }
  }
}
