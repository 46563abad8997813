package dev.leasehold.adversary;

import dev.leasehold.adversary.world.Ledgers;
import dev.leasehold.adversary.world.Template;
import dev.leasehold.custodian.TestPostgres;
import dev.leasehold.custodian.store.LedgerDatabase;
import dev.leasehold.custodian.store.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Optional;

/** Databases of a real server, each shared by two nodes. */
final class PostgresLedgers implements Ledgers {
  private static final int SERVER_MS = 10_000;

  private final TestPostgres server = TestPostgres.still(Template.memory());

  private PostgresLedgers() {}

  /** Those of the server of this JVM. */
  static Ledgers shared() {
    return Shared.LEDGERS;
  }

  private static final class Shared {
    static final Ledgers LEDGERS = new PostgresLedgers();

    private Shared() {}
  }

  @Override
  public int nodes() {
    return 2;
  }

  @Override
  public LedgerDatabase place(Path folder) {
    return server.database();
  }

  @Override
  public LedgerDatabase copy(LedgerDatabase original, Path folder) {
    return server.copy((PostgresServer) original);
  }

  @Override
  public LedgerDatabase timed(LedgerDatabase ledger, InstantSource clock) {
    return ((PostgresServer) ledger).timedBy(clock);
  }

  @Override
  public Connection connect(LedgerDatabase ledger) throws SQLException {
    return TestPostgres.connect((PostgresServer) ledger);
  }

  @Override
  public boolean isServed() {
    return true;
  }

  @Override
  public void undoUncommitted(LedgerDatabase ledger) {
    try (Connection c = connect(ledger);
        Statement s = c.createStatement()) {
      s.execute(
          "SELECT pg_terminate_backend(pid, "
              + SERVER_MS
              + ") FROM pg_stat_activity"
              + " WHERE datname = current_database() AND state = 'idle in transaction'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<Path> backUp(LedgerDatabase ledger, Connection open) {
    return Optional.empty();
  }

  @Override
  public void drop(LedgerDatabase ledger) {
    server.drop((PostgresServer) ledger);
  }

  @Override
  public String toString() {
    return "PostgreSQL";
  }
}
