package dev.leasehold.custodian.store;

import dev.leasehold.custodian.problem.Rejected;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/** The ledger's database: one handle that writes, a few that read committed state beside it. */
public final class Store implements AutoCloseable {
  private static final String SCHEMA_VERSION = "1";
  private static final String SCRIPT = "V1__ledger.sql";
  private static final int READERS = 4;

  private final Database database;
  private final Handle writer;
  private final List<Handle> readers = new ArrayList<>();
  private final BlockingQueue<Handle> idle = new ArrayBlockingQueue<>(READERS);
  private final Bodies bodies = new Bodies();
  private final LogHead head = new LogHead();
  private final StepClock clock;

  private Store(Database database, StepClock clock) {
    this.database = database;
    this.clock = clock;
    this.writer = database.openWriter();
    migrate();
    for (int i = 0; i < READERS; i++) {
      Handle h = database.openReader();
      readers.add(h);
      idle.add(h);
    }
    refreshLogHead();
  }

  /** Opens the SQLite database in this file, made if absent. */
  public static Store open(Path file, StepClock clock) {
    return new Store(new Sqlite(file), clock);
  }

  /** Reads committed state. */
  public <T> T read(Function<Tx, T> work) {
    Handle h = take();
    try {
      return work.apply(reading(h));
    } finally {
      idle.add(h);
    }
  }

  /** Looks at committed state before the writer is asked for its time. */
  public <T> T look(Step<T> work) throws Rejected {
    Handle h = take();
    try {
      return work.run(reading(h));
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

  private Tx reading(Handle h) {
    return new Tx(new Transaction(h, bodies, head, clock.peek(), Reach.NO_LEASE));
  }

  /** One step in a transaction of its own that holds everything, where there is no writer. */
  public <T> T setUp(Function<Tx, T> work) {
    Tx tx = new Tx(begin(Reach.WHOLE_LEDGER, true));
    T value;
    try {
      value = work.apply(tx);
      writer.commit();
    } catch (RuntimeException e) {
      writer.rollback();
      throw e;
    }
    tx.actions().forEach(Runnable::run);
    return value;
  }

  /** The newest checkpoint; empty before the log's first, which is that of the empty log. */
  public Optional<LogCheckpoints.Row> logHead() {
    return head.newest();
  }

  /** Learns of what another node has published. */
  public void refreshLogHead() {
    read(tx -> tx.logCheckpoints().newest()).ifPresent(head::advance);
  }

  Handle writer() {
    return writer;
  }

  /** Begins the writer's next transaction; {@code alone}, its time is no other's. */
  Transaction begin(Reach reach, boolean alone) {
    database.begin(writer, reach);
    return new Transaction(writer, bodies, head, clock.next(alone), reach);
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
}
