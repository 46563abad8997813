package dev.leasehold.custodian.store;

import java.nio.file.Path;

/** Where a ledger is kept: in a file for one custodian, or on a server for several. */
public sealed interface LedgerDatabase permits LedgerDatabase.SqliteFile, PostgresServer {
  /** One file of one machine. */
  record SqliteFile(Path file) implements LedgerDatabase {
    @Override
    public String toString() {
      return file.toString();
    }
  }
}
