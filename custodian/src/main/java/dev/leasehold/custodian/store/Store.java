package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.time.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger's database: one session that writes, a few that read committed state beside it. */
public final class Store implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Store.class);
  private static final String SCHEMA_VERSION = "1";
  private static final String SCRIPT = "V1__ledger.sql";
  private static final int READERS = 4;
  private static final int BODIES = 4_096;

  private final Database database;
  private final Session writer;
  private final List<Session> readers = new ArrayList<>();
  private final BlockingQueue<Session> idle = new ArrayBlockingQueue<>(READERS);
  private final Recent<Hash, Record> bodies = new Recent<>(BODIES);
  private final LogHead head = new LogHead();
  private final StepClock clock;
  private final Trouble trouble = new Trouble(LOG, "reading the ledger");

  /** The database cannot be read now. The log has been told, once for all who ask meanwhile. */
  public static final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Gone(RuntimeException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private Store(Database database) {
    this.database = database;
    this.clock = new StepClock(database.running());
    this.writer = new Session(database::openWriter);
    for (int i = 0; i < READERS; i++) {
      Session s = new Session(database::openReader);
      readers.add(s);
      idle.add(s);
    }
  }

  /**
   * Makes an empty ledger and what must be in it from the beginning.
   *
   * @throws IOException when there is one already, of several who try at once one succeeds; and
   *     when the database cannot be reached or written
   */
  public static void create(LedgerDatabase where, InstantSource clock, Consumer<Tx> first)
      throws IOException {
    once(
        where,
        clock,
        (store, sql) -> {
          store.requireNone(sql, where);
          sql.script(script());
          Tx tx = Tx.alone(store.begun(sql, Reach.WHOLE_LEDGER, Database.Held.NOTHING));
          tx.meta().put("schema", SCHEMA_VERSION);
          first.accept(tx);
          store.database.commit(sql);
        });
  }

  /** Looks before anything else is made; {@link #create} looks again. */
  public static void requireNone(LedgerDatabase where) throws IOException {
    if (where instanceof LedgerDatabase.SqliteFile sqlite && !Files.exists(sqlite.file())) {
      return;
    }
    once(
        where,
        InstantSource.system(),
        (store, sql) -> {
          store.requireNone(sql, where);
          store.rollBack();
        });
  }

  /** What is done in the first transaction of a store that is closed after it. */
  private interface Beginning {
    void in(Store store, Sql sql) throws IOException;
  }

  private static void once(LedgerDatabase where, InstantSource clock, Beginning work)
      throws IOException {
    try (Store store = new Store(database(where, clock))) {
      try {
        Sql sql = store.writer.sql();
        sql.begin();
        work.in(store, sql);
      } catch (RuntimeException e) {
        throw cannotUse(where, e);
      }
    }
  }

  /** A database that its owner has to mend, in words; a fault of this program stays what it is. */
  private static IOException cannotUse(LedgerDatabase where, RuntimeException e) {
    if (e instanceof Sql.Failed || e instanceof Gone || e instanceof Database.Unfit) {
      String why = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
      return new IOException(where + ": cannot be used: " + why, e);
    }
    throw e;
  }

  private void requireNone(Sql sql, LedgerDatabase where) throws IOException {
    if (database.hasLedger(sql)) {
      throw new IOException(
          where + ": expected no custodian here, found one; choose an empty place");
    }
  }

  /**
   * Opens a ledger.
   *
   * @param clock for a file; a server has its own
   * @throws IOException when there is none, or one of another release, or one that cannot be
   *     reached or written
   */
  public static Store open(LedgerDatabase where, InstantSource clock) throws IOException {
    if (where instanceof LedgerDatabase.SqliteFile sqlite && !Files.exists(sqlite.file())) {
      throw noLedger(where);
    }
    Store store = new Store(database(where, clock));
    try {
      store.requireSchema(where);
      store.read(tx -> tx.logCheckpoints().newest()).ifPresent(store.head::advance);
      return store;
    } catch (IOException e) {
      store.close();
      throw e;
    } catch (RuntimeException e) {
      store.close();
      throw cannotUse(where, e);
    }
  }

  private static Database database(LedgerDatabase where, InstantSource clock) {
    return switch (where) {
      case LedgerDatabase.SqliteFile sqlite -> new Sqlite(sqlite.file(), clock);
      case PostgresServer server -> new Postgres(server);
    };
  }

  private void requireSchema(LedgerDatabase where) throws IOException {
    Sql sql = writer.sql();
    sql.begin();
    boolean found = database.hasLedger(sql);
    clock.next(database.millis(sql));
    if (found) {
      // Some databases open what they cannot write, and would tell at the first commit only.
      sql.update("UPDATE meta SET v = v WHERE k = 'schema'");
    }
    rollBack();
    if (!found) {
      throw noLedger(where);
    }
    String schema = read(tx -> tx.meta().get("schema"));
    if (!schema.equals(SCHEMA_VERSION)) {
      throw new IOException(
          "meta.schema: expected "
              + SCHEMA_VERSION
              + ", found "
              + schema
              + "; this database belongs to another release of the custodian");
    }
  }

  private static IOException noLedger(LedgerDatabase where) {
    return new IOException(
        where + ": expected the database of a custodian, found none; run init first");
  }

  /** Reads committed state. */
  public <T> T read(Function<Tx, T> work) {
    return on(sql -> work.apply(reading(sql)));
  }

  /** Looks at committed state before the writer is asked for its time. */
  public <T> T look(Step<T> work) throws Rejected {
    return on(sql -> work.run(reading(sql)));
  }

  private <T, X extends Exception> T on(Session.Work<T, X> work) throws X {
    Session s = take();
    try {
      T value = s.run(work);
      trouble.over();
      return value;
    } catch (RuntimeException e) {
      if (failure(e) != Database.Failure.GONE) {
        throw e;
      }
      trouble.failed(e);
      throw new Gone(e);
    } finally {
      idle.add(s);
    }
  }

  private Session take() {
    try {
      return idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting to read", e);
    }
  }

  private Tx reading(Sql sql) {
    return new Tx(Transaction.readOnly(database, sql, bodies, head, clock.peek()));
  }

  /**
   * One step in a transaction of its own that holds everything, where there is no writer. It is
   * done once more if its session ends under it: a server ends that of a node that is too slow.
   */
  public <T> T setUp(Function<Tx, T> work) {
    Ran<T> ran;
    try {
      ran = runAlone(work);
    } catch (RuntimeException e) {
      if (failure(e) != Database.Failure.GONE) {
        throw e;
      }
      ran = runAlone(work);
    }
    try {
      commit();
    } catch (RuntimeException e) {
      rollBack();
      throw e;
    }
    ran.tx.actions().forEach(Runnable::run);
    return ran.value;
  }

  /** A step whose transaction is not committed yet, and what it returned. */
  private record Ran<T>(Tx tx, T value) {}

  private <T> Ran<T> runAlone(Function<Tx, T> work) {
    Tx tx = Tx.alone(begin(Reach.WHOLE_LEDGER));
    try {
      return new Ran<>(tx, work.apply(tx));
    } catch (RuntimeException e) {
      rollBack();
      throw e;
    }
  }

  /** The newest checkpoint; empty before the log's first, which is that of the empty log. */
  public Optional<LogCheckpoints.Row> logHead() {
    return head.newest();
  }

  /** Begins the writer's next transaction, on a new connection if the old one is broken. */
  Transaction begin(Reach reach) {
    try {
      return writer.run(sql -> {
        sql.begin();
        return begun(sql, reach, database.hold(sql, reach));
      });
    } catch (RuntimeException e) {
      rollBack();
      throw e;
    }
  }

  /** The time is that at which everything was held. */
  private Transaction begun(Sql sql, Reach reach, Database.Held held) {
    return new Transaction(
        database, sql, bodies, head, clock.next(database.millis(sql)), reach, held);
  }

  void commit() {
    database.commit(writer.sql());
  }

  void rollBack() {
    writer.rollBack();
  }

  Database.Failure failure(RuntimeException e) {
    return database.failure(e);
  }

  /** Hears of commands that other replicas issue: a lease and its newest {@code cseq}. */
  public AutoCloseable listen(ObjLongConsumer<Id> heard) {
    return database.listen(heard);
  }

  @Override
  public void close() {
    readers.forEach(Session::close);
    writer.close();
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
