package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ObjLongConsumer;
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

  /**
   * What the writer asks for it asks for by key. A plan that was made while a table was small may
   * read all of it later; so plans are made once and by keys. They count rows and not pages, else
   * reading one page whole seems cheaper than a few looks into it.
   */
  private static final Map<String, String> PLANS =
      Map.of(
          "plan_cache_mode", "force_generic_plan",
          "enable_seqscan", "off",
          "enable_hashjoin", "off",
          "enable_mergejoin", "off",
          "seq_page_cost", "0",
          "random_page_cost", "0");

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final String CONNECTION_FAILURES = "08";
  private static final String ROLLBACKS = "40";
  private static final String OPERATOR_INTERVENTION = "57";
  private static final String RESOURCES = "53";

  private final PGSimpleDataSource source;
  private final Optional<InstantSource> time;

  Postgres(PostgresServer server) {
    this.source = new PGSimpleDataSource();
    source.setURL("jdbc:postgresql://" + server.place());
    source.setUser(server.user());
    source.setPassword(server.password());
    source.setApplicationName("leasehold custodian");
    source.setTargetServerType("primary");
    source.setTcpKeepAlive(true);
    source.setConnectTimeout((int) CONNECT.toSeconds());
    source.setSocketTimeout((int) SILENCE.toSeconds());
    this.time = server.time();
  }

  @Override
  public Sql openWriter() {
    Sql sql = open();
    try {
      requireDurable(sql);
      set(sql, "default_transaction_isolation", "read committed");
      set(sql, "idle_in_transaction_session_timeout", IDLE.toMillis() + "ms");
      set(sql, "lock_timeout", LOCK.toMillis() + "ms");
      PLANS.forEach((name, value) -> set(sql, name, value));
      sql.text(
          "SELECT set_config(name, 'lz4', false) FROM pg_settings"
              + " WHERE name = 'default_toast_compression' AND 'lz4' = ANY(enumvals)");
      boolean standbys = !setting(sql, "synchronous_standby_names").isEmpty();
      set(sql, "synchronous_commit", standbys ? "remote_apply" : "on");
      return sql;
    } catch (RuntimeException e) {
      sql.close();
      throw e;
    }
  }

  @Override
  public Sql openReader() {
    Sql sql = open();
    set(sql, "default_transaction_read_only", "on");
    return sql;
  }

  private Sql open() {
    try {
      return new Sql(source.getConnection(), Sql.Many.ARRAYS);
    } catch (SQLException e) {
      throw new Sql.Failed(e);
    }
  }

  /** A server may be told to lose commits; such a one cannot keep a ledger. */
  private static void requireDurable(Sql sql) {
    for (String name : List.of("fsync", "full_page_writes")) {
      String found = setting(sql, name);
      if (!found.equals("on")) {
        throw new Unfit(
            "setting "
                + name
                + " of the PostgreSQL server: expected on, found "
                + found
                + "; a ledger must survive a crash");
      }
    }
  }

  private static void set(Sql sql, String name, String value) {
    sql.text("SELECT set_config(?, ?, false)", name, value);
  }

  private static String setting(Sql sql, String name) {
    return sql.one("SELECT current_setting(?)", r -> r.getString(1), name);
  }

  @Override
  public boolean hasLedger(Sql sql) {
    sql.text("SELECT pg_advisory_xact_lock(hashtextextended('leasehold/ledger', 0))::TEXT");
    return sql.one("SELECT to_regclass('meta') IS NOT NULL", r -> r.getBoolean(1));
  }

  @Override
  public Held hold(Sql sql, Reach reach) {
    if (reach.whole()) {
      sql.update("LOCK TABLE lease IN EXCLUSIVE MODE");
      return Held.NOTHING;
    }
    List<LeaseRow> leases =
        sql.list(
            "SELECT * FROM lease WHERE lease_id = ANY(?) ORDER BY lease_id FOR UPDATE",
            Leases::row,
            ids(reach.leases()));
    List<InstanceRow> instances =
        reach.instances().isEmpty()
            ? List.of()
            : sql.list(
                "SELECT * FROM instance WHERE instance_id = ANY(?)",
                Instances::row,
                ids(reach.instances()));
    return new Held(leases, instances);
  }

  private static Object ids(Collection<Id> ids) {
    return ids.stream().map(Id::hex).toArray(String[]::new);
  }

  /** A commit that the server calls off waiting for a standby "succeeds" with a warning. */
  @Override
  public void commit(Sql sql) {
    SQLWarning warning =
        sql.on(c -> {
          c.clearWarnings();
          sql.commit();
          return c.getWarnings();
        });
    if (warning != null) {
      throw new IllegalStateException("the commit is not known to be durable", warning);
    }
  }

  @Override
  public long millis(Sql sql) {
    return time.isPresent()
        ? time.get().millis()
        : sql.number("SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT");
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
  public boolean isAlone(Sql sql, String work) {
    return sql.one(
        "SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))",
        r -> r.getBoolean(1),
        "leasehold/" + work);
  }

  @Override
  public void announce(Sql sql, Id lease, long cseq) {
    sql.text("SELECT pg_notify(?, ?)::TEXT", CommandChannel.NAME, lease + " " + cseq);
  }

  @Override
  public AutoCloseable listen(ObjLongConsumer<Id> heard) {
    return CommandChannel.open(this::openReader, heard);
  }
}
