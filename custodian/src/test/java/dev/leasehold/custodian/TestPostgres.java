package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.custodian.store.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * A real PostgreSQL server, whose binaries come from Maven Central. Where there are none for this
 * machine the tests that need it fail: nothing is skipped.
 */
public final class TestPostgres implements AutoCloseable {
  private static final Path FOLDERS = Path.of("target", "postgres").toAbsolutePath();
  private static final String USER = "postgres";

  /** On a machine that has much else to do. */
  private static final Duration STARTUP = Duration.ofMinutes(2);

  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Path data;
  private EmbeddedPostgres server;

  private TestPostgres(Path data, UnaryOperator<EmbeddedPostgres.Builder> settings) {
    this.data = data;
    this.server = start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
  }

  /** One for all tests of a JVM. */
  public static TestPostgres shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    static final TestPostgres SERVER = fresh(true);

    private Shared() {}
  }

  /**
   * One that a test may do anything to.
   *
   * @param durable false for a server that forgets commits in a crash
   */
  public static TestPostgres fresh(boolean durable) {
    return in(FOLDERS, builder -> builder.setServerConfig("fsync", durable ? "on" : "off"));
  }

  /**
   * One that does nothing by itself, so that the same statements always find the same.
   *
   * @param parent where its files will be
   */
  public static TestPostgres still(Path parent) {
    return in(
        parent,
        builder -> builder.setServerConfig("fsync", "on").setServerConfig("autovacuum", "off"));
  }

  private static TestPostgres in(Path parent, UnaryOperator<EmbeddedPostgres.Builder> settings) {
    try {
      Files.createDirectories(FOLDERS);
      return new TestPostgres(Files.createTempDirectory(parent, "data"), settings);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private EmbeddedPostgres start(UnaryOperator<EmbeddedPostgres.Builder> settings) {
    try {
      return settings
          .apply(
              EmbeddedPostgres.builder()
                  .setOverrideWorkingDirectory(FOLDERS.toFile())
                  .setDataDirectory(data)
                  .setRegisterShutdownHook(false)
                  .setPGStartupWait(STARTUP)
                  .setCleanDataDirectory(false)
                  .setServerConfig("full_page_writes", "on")
                  .setServerConfig("synchronous_commit", "on"))
          .start();
    } catch (IOException e) {
      throw new AssertionError("no PostgreSQL server could be started for the tests", e);
    }
  }

  /** A new, empty database. */
  public PostgresServer database() {
    return created("");
  }

  /** The same database, given to a user of its own who has to show a password. */
  public PostgresServer lockedBy(String user, String password, PostgresServer database)
      throws IOException, Malformed {
    sql("CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'");
    sql("ALTER DATABASE " + name(database) + " OWNER TO " + user);
    Path rules = data.resolve("pg_hba.conf");
    Files.writeString(rules, "host all " + user + " all scram-sha-256\n" + Files.readString(rules));
    sql("SELECT pg_reload_conf()");
    String place = database.place();
    await().until(() -> isRefused(PostgresServer.parse("postgresql://" + user + "@" + place, "")));
    return PostgresServer.parse("postgresql://" + user + "@" + place, password);
  }

  private static boolean isRefused(PostgresServer database) {
    try (Connection _ = connect(database)) {
      return false;
    } catch (SQLException e) {
      return true;
    }
  }

  /** A copy of a database that nobody is connected to. */
  public PostgresServer copy(PostgresServer original) {
    return created(" TEMPLATE " + name(original));
  }

  public void drop(PostgresServer database) {
    sql("DROP DATABASE " + name(database) + " WITH (FORCE)");
  }

  private PostgresServer created(String template) {
    String name = "ledger_" + DATABASES.incrementAndGet();
    sql("CREATE DATABASE " + name + template);
    return named(name);
  }

  private static String name(PostgresServer database) {
    return database.place().substring(database.place().indexOf('/') + 1);
  }

  private PostgresServer named(String name) {
    try {
      return PostgresServer.parse(
          "postgresql://" + USER + "@127.0.0.1:" + server.getPort() + "/" + name, "");
    } catch (Malformed e) {
      throw new AssertionError(e);
    }
  }

  public void sql(String statement) {
    try (Connection c = connect(named(USER));
        Statement s = c.createStatement()) {
      s.execute(statement);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  public static Connection connect(PostgresServer database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://" + database.place(), database.user(), database.password());
  }

  /** A number, as the server sees it. */
  public long number(String query) {
    try (Connection c = connect(named(USER));
        Statement s = c.createStatement();
        ResultSet r = s.executeQuery(query)) {
      r.next();
      return r.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Immediate shutdown: every server process dies without a checkpoint. */
  void kill() {
    shell("kill -QUIT $PID && while kill -0 $PID 2>&-; do sleep 0.05; done", true);
  }

  /** The same server once more: it recovers from its log. */
  void restart() throws IOException {
    int port = server.getPort();
    server.close();
    server = start(builder -> builder.setPort(port).setServerConfig("fsync", "on"));
  }

  /** Nobody needs what it holds: it is killed and deleted while others go on. */
  @Override
  public void close() {
    shell("kill -QUIT $PID; while kill -0 $PID; do sleep 0.05; done; rm -r " + data, false);
  }

  /** Runs a command that knows the server's process, if there is one. */
  private void shell(String command, boolean wait) {
    try {
      Path pid = data.resolve("postmaster.pid");
      if (Files.exists(pid)) {
        Process shell =
            new ProcessBuilder("sh", "-c", "PID=$(head -1 " + pid + "); " + command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(!wait || shell.waitFor() == 0).isTrue();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
