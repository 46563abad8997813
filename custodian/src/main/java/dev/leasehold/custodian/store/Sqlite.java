package dev.leasehold.custodian.store;

import java.nio.file.Path;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** One file, one node (protocol §8.2): WAL, synchronous FULL, foreign keys, BEGIN IMMEDIATE. */
final class Sqlite implements Database {
  private static final int BUSY_MS = 10_000;

  private final Jdbi jdbi;

  Sqlite(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(BUSY_MS);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    this.jdbi = Jdbi.create(source).setStatementBuilderFactory(c -> new KeptStatements());
  }

  @Override
  public Handle openWriter() {
    return jdbi.open();
  }

  @Override
  public Handle openReader() {
    Handle h = jdbi.open();
    h.execute("PRAGMA query_only = true");
    return h;
  }

  /** There is one lock, and a transaction that may write has it from its beginning. */
  @Override
  public void begin(Handle handle, Reach reach) {
    handle.begin();
  }
}
