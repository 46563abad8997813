package dev.leasehold.adversary.world;

import dev.leasehold.custodian.Custodian;
import dev.leasehold.custodian.store.LedgerDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.InstantSource;

/** A file in the folder of its custodian: it is copied and deleted with that. */
final class SqliteLedgers implements Ledgers {
  @Override
  public int nodes() {
    return 1;
  }

  @Override
  public LedgerDatabase place(Path folder) {
    return Custodian.databaseIn(folder);
  }

  @Override
  public LedgerDatabase copy(LedgerDatabase original, Path folder) {
    return place(folder);
  }

  /** A file has no clock of its own. */
  @Override
  public LedgerDatabase timed(LedgerDatabase ledger, InstantSource clock) {
    return ledger;
  }

  @Override
  public Connection connect(LedgerDatabase ledger) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + ledger);
  }

  @Override
  public boolean isServed() {
    return false;
  }

  @Override
  public void undoUncommitted(LedgerDatabase ledger) {
    throw new IllegalStateException("nobody else waits for its one node");
  }

  @Override
  public void drop(LedgerDatabase ledger) {}

  @Override
  public String toString() {
    return "SQLite";
  }
}
