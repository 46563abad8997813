package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One file, one node (protocol §8.2): WAL, synchronous FULL, foreign keys, BEGIN IMMEDIATE. There
 * is one lock, which a transaction that may write has from its beginning.
 */
final class Sqlite implements Database {
  private static final int BUSY_MS = 10_000;

  /** Primary result codes that say nothing about the statement. */
  private static final Set<Integer> GONE =
      Set.of(
          SQLiteErrorCode.SQLITE_BUSY.code,
          SQLiteErrorCode.SQLITE_READONLY.code,
          SQLiteErrorCode.SQLITE_IOERR.code,
          SQLiteErrorCode.SQLITE_FULL.code,
          SQLiteErrorCode.SQLITE_CANTOPEN.code);

  private final Jdbi jdbi;
  private final InstantSource clock;

  Sqlite(Path file, InstantSource clock) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(BUSY_MS);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    this.jdbi = Jdbi.create(source).setStatementBuilderFactory(c -> new KeptStatements());
    this.clock = clock;
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

  @Override
  public boolean hasLedger(Handle handle) {
    return !handle
        .createQuery("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'meta'")
        .mapTo(String.class)
        .list()
        .isEmpty();
  }

  @Override
  public void begin(Handle handle, Reach reach) {
    handle.begin();
  }

  @Override
  public void commit(Handle handle) {
    handle.commit();
  }

  @Override
  public long millis(Handle handle) {
    return clock.millis();
  }

  @Override
  public InstantSource running() {
    return clock;
  }

  @Override
  public Failure failure(RuntimeException e) {
    return e.getCause() instanceof SQLiteException s && GONE.contains(s.getResultCode().code & 0xff)
        ? Failure.GONE
        : Failure.RULE;
  }

  @Override
  public boolean isAlone(Handle handle, String work) {
    return true;
  }

  @Override
  public void announce(Handle handle, Id lease, long cseq) {
    // There are no other replicas.
  }

  @Override
  public AutoCloseable listen(ObjLongConsumer<Id> heard) {
    return () -> {};
  }
}
