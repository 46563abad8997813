package dev.leasehold.custodian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.custodian.TestPostgres;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What PostgreSQL does differently, seen by a writer and by another replica's session. */
class PostgresTest {
  private static final TestPostgres SERVER = TestPostgres.shared();
  private static final String WAITING =
      "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
  private static final String HEARING =
      "SELECT COUNT(*) FROM pg_stat_activity"
          + " WHERE state = 'idle' AND query LIKE 'SELECT lease_id, cseq FROM lease%'";
  private static final Duration SECONDS_2 = Duration.ofSeconds(2);
  private static final Hash ONE = new Hash("11".repeat(32));
  private static final Hash TWO = new Hash("22".repeat(32));

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private PostgresServer database;
  private Store store;
  private Store other;
  private Anchor anchor;
  private Writer writer;

  @BeforeEach
  void open() throws Exception {
    database = SERVER.database();
    Store.create(database, InstantSource.system(), tx -> {});
    store = Store.open(database, InstantSource.system());
    other = Store.open(database, InstantSource.system());
    Anchor.create(folder.resolve("anchor"));
    anchor = Anchor.open(folder.resolve("anchor"));
    writer = new Writer(store, anchor, new NoFaults(), CrashPoints.NONE);
  }

  @AfterEach
  void close() throws Exception {
    threads.close();
    writer.close();
    store.close();
    other.close();
    anchor.close();
  }

  private static final class NoFaults implements Faults {
    @Override
    public void broken(Tx tx, RuntimeException cause) {
      throw new AssertionError(cause);
    }

    @Override
    public void rolledBack(Tx tx, Id lease, String reason) {
      throw new AssertionError(reason);
    }
  }

  @Test
  void ofTwoWhoMakeALedgerAtOnceOneDoes() throws Exception {
    PostgresServer empty = SERVER.database();
    assertThatThrownBy(() -> Store.open(empty, InstantSource.system()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("run init first");
    Callable<String> making =
        () -> {
          try {
            Store.create(empty, InstantSource.system(), tx -> tx.meta().put("made", "once"));
            return "made";
          } catch (IOException e) {
            return String.valueOf(e.getMessage());
          }
        };
    List<Future<String>> both = threads.invokeAll(List.of(making, making)).stream().toList();
    List<String> outcomes = List.of(both.getFirst().get(), both.getLast().get());
    assertThat(outcomes).containsOnlyOnce("made");
    assertThat(outcomes).anyMatch(o -> o.contains("expected no custodian here, found one"));
  }

  @Test
  void aSetUpWhoseSessionTheServerEndsIsDoneOnceMore() {
    List<String> tries = new ArrayList<>();
    store.setUp(tx -> {
      tries.add("one");
      if (tries.size() == 1) {
        SERVER.sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                + " WHERE state = 'idle in transaction'");
      }
      tx.meta().put("tries", String.valueOf(tries.size()));
      return tx;
    });
    String kept = other.read(tx -> tx.meta().get("tries"));
    assertThat(kept).isEqualTo("2");
  }

  @Test
  void aServerThatMayLoseWhatItHasCommittedIsRefused() {
    try (TestPostgres careless = TestPostgres.fresh(false)) {
      PostgresServer there = careless.database();
      assertThatThrownBy(() -> Store.create(there, InstantSource.system(), tx -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("setting fsync of the PostgreSQL server: expected on, found off");
    }
  }

  @Test
  void aCommitThatNoStandbyConfirmedIsNotAnswered() throws Exception {
    SERVER.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    SERVER.sql("SELECT pg_reload_conf()");
    try {
      await()
          .until(() ->
              SERVER.number("SELECT LENGTH(current_setting('synchronous_standby_names'))") > 0);
      Future<Object> waiting = threads.submit(() -> writer.run(Reach.NO_LEASE, tx -> put(tx, "k")));
      await().until(() -> SERVER.number(cancelledWhoWaits()) > 0);
      assertThatThrownBy(waiting::get)
          .cause()
          .isInstanceOfSatisfying(
              Rejected.class, r -> assertThat(r.type()).isEqualTo(ProblemType.UNAVAILABLE));
    } finally {
      SERVER.sql("ALTER SYSTEM RESET synchronous_standby_names");
      SERVER.sql("SELECT pg_reload_conf()");
    }
    await()
        .until(() ->
            SERVER.number("SELECT LENGTH(current_setting('synchronous_standby_names'))") == 0);
    writer.run(Reach.NO_LEASE, tx -> put(tx, "k"));
  }

  private static String cancelledWhoWaits() {
    return "SELECT COUNT(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
  }

  @Test
  void whoHearsCommandsStopsAtOnce() throws Exception {
    Duration all = Duration.ZERO;
    for (int i = 0; i < 5; i++) {
      AutoCloseable channel = store.listen((lease, cseq) -> {});
      await().until(() -> SERVER.number(HEARING) > 0);
      Instant start = Instant.now();
      channel.close();
      all = all.plus(Duration.between(start, Instant.now()));
      await().until(() -> SERVER.number(HEARING) == 0);
    }
    assertThat(all).as("each waits for a second, if nobody hangs up").isLessThan(SECONDS_2);
  }

  @Test
  void aReplicaThatStopsInTheMiddleHoldsNobodyUpForLongAndCommitsNothing() throws Exception {
    Tx.alone(other.begin(Reach.WHOLE_LEDGER)).meta().put("late", "promise");
    writer.runFirst(Reach.NO_LEASE, tx -> put(tx, "stop"));
    assertThatThrownBy(other::commit).isInstanceOf(RuntimeException.class);
    other.rollBack();
    assertThat(meta("late")).isEmpty();
    other.begin(Reach.WHOLE_LEDGER);
    other.commit();
  }

  @Test
  void aStepThatLosesARaceRunsAgainAndSeesWhoWon() throws Exception {
    Tx theirs = new Tx(other.begin(Reach.NO_LEASE));
    theirs.envelopes().insertOrderReply(ONE, "theirs");
    Future<String> mine = threads.submit(() -> writer.run(Reach.NO_LEASE, tx -> reply(tx, ONE)));
    await().until(() -> SERVER.number(WAITING) > 0);
    other.commit();
    assertThat(mine.get()).isEqualTo("theirs");
  }

  @Test
  void whoCollidesTriesAgainAlone() throws Exception {
    Transaction begun = other.begin(Reach.NO_LEASE);
    begun
        .sql()
        .update("SET LOCAL deadlock_timeout = '1min'"); // so that it is not they who give way
    Tx theirs = new Tx(begun);
    theirs.envelopes().insertOrderReply(ONE, "theirs");
    List<String> runs = new ArrayList<>();
    Future<String> mine =
        threads.submit(() ->
            writer.run(
                Reach.NO_LEASE,
                tx -> {
                  runs.add("run");
                  return reply(tx, TWO) + " " + reply(tx, ONE);
                }));
    await().until(() -> SERVER.number(WAITING) > 0);
    theirs.envelopes().insertOrderReply(TWO, "theirs");
    other.commit();
    assertThat(mine.get()).isEqualTo("theirs theirs");
    assertThat(runs).hasSizeGreaterThan(1);
  }

  /** As a step answers that finds out whether it is the first. */
  private static String reply(Tx tx, Hash order) {
    return tx.envelopes()
        .orderReply(order)
        .orElseGet(() -> {
          tx.envelopes().insertOrderReply(order, "mine");
          return "mine";
        });
  }

  @Test
  void connectionsThatBreakAreMadeAnew() throws Exception {
    writer.run(Reach.NO_LEASE, tx -> put(tx, "before"));
    SERVER.number(
        "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity"
            + " WHERE pid <> pg_backend_pid() AND datname IS NOT NULL");
    assertThat(meta("before")).isPresent();
    writer.run(Reach.NO_LEASE, tx -> put(tx, "after"));
    assertThat(meta("after")).isPresent();
  }

  @Test
  void ofAllTransactionsOneIsAlone() throws Exception {
    Transaction theirs = other.begin(Reach.NO_LEASE);
    assertThat(new Tx(theirs).isAlone("log")).isTrue();
    assertThat(isAlone("log")).isFalse();
    assertThat(isAlone("something else")).isTrue();
    other.commit();
    assertThat(isAlone("log")).isTrue();
  }

  private boolean isAlone(String work) throws Rejected {
    return writer.run(Reach.NO_LEASE, tx -> tx.isAlone(work));
  }

  @Test
  void whoOnlyReadsCannotWrite() {
    assertThatThrownBy(() -> store.read(tx -> put(tx, "k"))).hasMessageContaining("read-only");
  }

  @Test
  void aUrlHoldsNoPassword() throws Exception {
    PostgresServer parsed =
        PostgresServer.parse("postgresql://owner@db.example:5432/ledger?sslmode=require", "secret");
    assertThat(parsed.user()).isEqualTo("owner");
    assertThat(parsed.toString()).doesNotContain("secret");
    for (String bad :
        List.of(
            "postgresql://owner:secret@db.example/ledger",
            "postgresql://owner@db.example/ledger?password=secret",
            "postgresql://db.example/ledger",
            "postgresql://owner@db.example",
            "jdbc:postgresql://owner@db.example/ledger",
            "mysql://owner@db.example/ledger")) {
      assertThatThrownBy(() -> PostgresServer.parse(bad, ""))
          .as(bad)
          .isInstanceOf(Malformed.class)
          .hasMessageContaining("postgresql://user@host:port/database")
          .hasMessageNotContaining("secret");
    }
  }

  private Optional<String> meta(String key) {
    return store.read(tx -> tx.meta().find(key));
  }

  private static Object put(Tx tx, String key) {
    tx.meta().put(key, "x");
    return key;
  }
}
