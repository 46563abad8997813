package dev.leasehold.adversary.world;

import dev.leasehold.custodian.Custodian;
import dev.leasehold.custodian.store.LedgerDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;

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
  public Optional<Path> backUp(LedgerDatabase ledger, Connection open) {
    Path copy = Path.of(ledger + ".backup");
    try (PreparedStatement s = open.prepareStatement("VACUUM INTO ?")) {
      Files.deleteIfExists(copy);
      s.setString(1, copy.toString());
      s.execute();
      return Optional.of(copy);
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void drop(LedgerDatabase ledger) {}

  @Override
  public String toString() {
    return "SQLite";
  }
}
