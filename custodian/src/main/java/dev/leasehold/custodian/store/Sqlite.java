package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.ObjLongConsumer;
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

  /** Rows of many instances come in any order: the upper pages of their indexes stay in memory. */
  private static final int CACHE_KIB = 65_536;

  /** Primary result codes that say nothing about the statement. */
  private static final Set<Integer> GONE =
      Set.of(
          SQLiteErrorCode.SQLITE_BUSY.code,
          SQLiteErrorCode.SQLITE_READONLY.code,
          SQLiteErrorCode.SQLITE_IOERR.code,
          SQLiteErrorCode.SQLITE_FULL.code,
          SQLiteErrorCode.SQLITE_CANTOPEN.code);

  private final SQLiteDataSource source;
  private final InstantSource clock;

  Sqlite(Path file, InstantSource clock) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(BUSY_MS);
    config.setCacheSize(-CACHE_KIB);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    this.source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    this.clock = clock;
  }

  @Override
  public Sql openWriter() {
    try {
      return new Sql(source.getConnection(), Sql.Many.EACH);
    } catch (SQLException e) {
      throw new Sql.Failed(e);
    }
  }

  @Override
  public Sql openReader() {
    Sql sql = openWriter();
    sql.update("PRAGMA query_only = true");
    return sql;
  }

  @Override
  public boolean hasLedger(Sql sql) {
    return sql.text("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'meta'")
        .isPresent();
  }

  /** Whoever has begun holds the file; a row is read when it is asked for. */
  @Override
  public Held hold(Sql sql, Reach reach) {
    return Held.NOTHING;
  }

  @Override
  public void commit(Sql sql) {
    sql.commit();
  }

  @Override
  public long millis(Sql sql) {
    return clock.millis();
  }

  @Override
  public InstantSource running() {
    return clock;
  }

  @Override
  public Failure failure(RuntimeException e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLiteException s && GONE.contains(s.getResultCode().code & 0xff)) {
        return Failure.GONE;
      }
    }
    return Failure.RULE;
  }

  @Override
  public boolean isAlone(Sql sql, String work) {
    return true;
  }

  @Override
  public void announce(Sql sql, Id lease, long cseq) {
    // There are no other replicas.
  }

  @Override
  public AutoCloseable listen(ObjLongConsumer<Id> heard) {
    return () -> {};
  }
}
