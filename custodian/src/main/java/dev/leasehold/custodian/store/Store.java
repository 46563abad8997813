package dev.leasehold.custodian.store;

import dev.leasehold.custodian.problem.Rejected;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The SQLite database: one handle that writes, a few that read committed state beside it. */
public final class Store implements AutoCloseable {
  private static final String SCHEMA_VERSION = "1";
  private static final String SCRIPT = "V1__ledger.sql";
  private static final int READERS = 4;
  private static final int BUSY_MS = 10_000;

  private final Handle writer;
  private final List<Handle> readers = new ArrayList<>();
  private final BlockingQueue<Handle> idle = new ArrayBlockingQueue<>(READERS);
  private final Bodies bodies = new Bodies();
  private final StepClock clock;

  private Store(Path file, StepClock clock) {
    this.clock = clock;
    this.writer = jdbi(file).open();
    migrate();
    Jdbi reading = jdbi(file);
    for (int i = 0; i < READERS; i++) {
      Handle h = reading.open();
      h.execute("PRAGMA query_only = true");
      readers.add(h);
      idle.add(h);
    }
  }

  /** Opens the database, made if absent. */
  public static Store open(Path file, StepClock clock) {
    return new Store(file, clock);
  }

  /** Reads committed state. */
  public <T> T read(Function<Tx, T> work) {
    Handle h = take();
    try {
      return work.apply(new Tx(h, bodies, clock.peek()));
    } finally {
      idle.add(h);
    }
  }

  /** Looks at committed state before the writer is asked for its time. */
  public <T> T look(Step<T> work) throws Rejected {
    Handle h = take();
    try {
      return work.run(new Tx(h, bodies, clock.peek()));
    } finally {
      idle.add(h);
    }
  }

  private Handle take() {
    try {
      return idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting to read", e);
    }
  }

  /** One step alone in its transaction, before there is a {@link Writer}. */
  public <T> T setUp(Function<Tx, T> work) {
    return writer.inTransaction(h -> work.apply(tx(true)));
  }

  Handle writer() {
    return writer;
  }

  Tx tx(boolean alone) {
    return new Tx(writer, bodies, clock.next(alone));
  }

  Tx sameTime(Tx tx) {
    return new Tx(writer, bodies, tx.now());
  }

  @Override
  public void close() {
    readers.forEach(Handle::close);
    writer.close();
  }

  private void migrate() {
    boolean fresh =
        writer
            .queryMetadata(m -> m.getTables(null, null, "meta", null))
            .mapToMap()
            .list()
            .isEmpty();
    if (fresh) {
      writer.useTransaction(h -> {
        h.createScript(script()).execute();
        new Meta(h).put("schema", SCHEMA_VERSION);
      });
    }
    String found = new Meta(writer).get("schema");
    if (!found.equals(SCHEMA_VERSION)) {
      throw new IllegalStateException(
          "meta.schema: expected "
              + SCHEMA_VERSION
              + ", found "
              + found
              + "; this database belongs to another release of the custodian");
    }
  }

  private static String script() {
    try (InputStream in = Store.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + SCRIPT);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Protocol §8.2: WAL, synchronous FULL, foreign keys, BEGIN IMMEDIATE. */
  private static Jdbi jdbi(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setBusyTimeout(BUSY_MS);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return Jdbi.create(source);
  }
}
