package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLState;

/**
 * A server that several custodians share (protocol §8.2): READ COMMITTED, the rows of leases locked
 * in ascending order, commits flushed on the server and, where it has them, on its synchronous
 * standbys. All replicas go by the server's clock.
 *
 * <p>Row locks are taken with the table's ROW SHARE lock, so one EXCLUSIVE lock of the table holds
 * the whole ledger, and leases that do not exist yet as well.
 */
final class Postgres implements Database {
  /**
   * A replica that stops in the middle of a transaction holds its leases for this long; then the
   * server ends its session, and what it began is undone.
   */
  private static final Duration IDLE = Duration.ofSeconds(2);

  /** Longer than {@link #IDLE}: who waits for such a replica gets its turn. */
  private static final Duration LOCK = Duration.ofSeconds(5);

  /** A server that answers nothing is gone; whether it has committed is not known then. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final String CONNECTION_FAILURES = "08";
  private static final String ROLLBACKS = "40";
  private static final String OPERATOR_INTERVENTION = "57";
  private static final String RESOURCES = "53";

  private final Jdbi jdbi;
  private final Optional<InstantSource> time;

  Postgres(PostgresServer server) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://" + server.place());
    source.setUser(server.user());
    source.setPassword(server.password());
    source.setApplicationName("leasehold custodian");
    source.setTargetServerType("primary");
    source.setTcpKeepAlive(true);
    source.setConnectTimeout((int) CONNECT.toSeconds());
    source.setSocketTimeout((int) SILENCE.toSeconds());
    this.jdbi = Jdbi.create(source);
    jdbi.registerArrayType(String.class, "text");
    this.time = server.time();
  }

  @Override
  public Handle openWriter() {
    Handle h = jdbi.open();
    try {
      requireDurable(h);
      set(h, "default_transaction_isolation", "read committed");
      set(h, "idle_in_transaction_session_timeout", IDLE.toMillis() + "ms");
      set(h, "lock_timeout", LOCK.toMillis() + "ms");
      boolean standbys = !setting(h, "synchronous_standby_names").isEmpty();
      set(h, "synchronous_commit", standbys ? "remote_apply" : "on");
      return h;
    } catch (RuntimeException e) {
      h.close();
      throw e;
    }
  }

  @Override
  public Handle openReader() {
    Handle h = jdbi.open();
    set(h, "default_transaction_read_only", "on");
    return h;
  }

  /** A server may be told to lose commits; such a one cannot keep a ledger. */
  private static void requireDurable(Handle h) {
    for (String name : List.of("fsync", "full_page_writes")) {
      String found = setting(h, name);
      if (!found.equals("on")) {
        throw new IllegalStateException(
            "setting "
                + name
                + " of the PostgreSQL server: expected on, found "
                + found
                + "; a ledger must survive a crash");
      }
    }
  }

  private static void set(Handle h, String name, String value) {
    h.createQuery("SELECT set_config(:name, :value, false)")
        .bind("name", name)
        .bind("value", value)
        .mapTo(String.class)
        .one();
  }

  private static String setting(Handle h, String name) {
    return h.createQuery("SELECT current_setting(:name)")
        .bind("name", name)
        .mapTo(String.class)
        .one();
  }

  @Override
  public boolean hasLedger(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(hashtextextended('leasehold/ledger', 0))");
    return handle.createQuery("SELECT to_regclass('meta') IS NOT NULL").mapTo(Boolean.class).one();
  }

  @Override
  public void begin(Handle handle, Reach reach) {
    handle.begin();
    if (reach.whole()) {
      handle.execute("LOCK TABLE lease IN EXCLUSIVE MODE");
    } else {
      handle
          .createQuery(
              "SELECT lease_id FROM lease WHERE lease_id = ANY(:leases) ORDER BY lease_id FOR UPDATE")
          .bindArray("leases", String.class, reach.leases().stream().map(Id::hex).toList())
          .mapTo(String.class)
          .list();
    }
  }

  /** A commit that the server calls off waiting for a standby "succeeds" with a warning. */
  @Override
  public void commit(Handle handle) {
    try {
      Connection c = handle.getConnection();
      c.clearWarnings();
      handle.commit();
      SQLWarning warning = c.getWarnings();
      if (warning != null) {
        throw new IllegalStateException("the commit is not known to be durable", warning);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long millis(Handle handle) {
    return time.isPresent()
        ? time.get().millis()
        : handle
            .createQuery("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT")
            .mapTo(Long.class)
            .one();
  }

  /** Not this machine's wall clock, which somebody may set. */
  @Override
  public InstantSource running() {
    return time.orElse(
        () -> Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(System.nanoTime())));
  }

  @Override
  public Failure failure(RuntimeException e) {
    String state = state(e);
    if (state.equals(PSQLState.UNIQUE_VIOLATION.getState())) {
      return Failure.RACE;
    }
    boolean collided = state.startsWith(ROLLBACKS) || state.equals("55P03"); // lock_not_available
    boolean gone =
        state.startsWith(CONNECTION_FAILURES)
            || state.startsWith(OPERATOR_INTERVENTION)
            || state.startsWith(RESOURCES)
            || state.equals("25P03"); // idle_in_transaction_session_timeout
    return collided ? Failure.COLLISION : gone ? Failure.GONE : Failure.RULE;
  }

  private static String state(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof SQLException s && s.getSQLState() != null) {
        return s.getSQLState();
      }
    }
    return "";
  }

  @Override
  public boolean isAlone(Handle handle, String work) {
    return handle
        .createQuery("SELECT pg_try_advisory_xact_lock(hashtextextended(:work, 0))")
        .bind("work", "leasehold/" + work)
        .mapTo(Boolean.class)
        .one();
  }

  @Override
  public void announce(Handle handle, Id lease, long cseq) {
    handle.execute("SELECT pg_notify(?, ?)", CommandChannel.NAME, lease + " " + cseq);
  }

  @Override
  public AutoCloseable listen(ObjLongConsumer<Id> heard) {
    return CommandChannel.open(this::openReader, heard);
  }
}
