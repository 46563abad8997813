package dev.leasehold.custodian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One writer: steps do not disturb each other, and nothing is answered that is not durable. */
class WriterTest {
  @TempDir Path folder;
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
  private final List<CrashPoints.Moment> moments = new ArrayList<>();
  private Optional<CrashPoints.Moment> deadly = Optional.empty();
  private Store store;
  private Anchor anchor;
  private Writer writer;

  @BeforeEach
  void open() throws Exception {
    LedgerDatabase file = new LedgerDatabase.SqliteFile(folder.resolve("db"));
    Store.create(file, InstantSource.system(), tx -> {});
    store = Store.open(file, InstantSource.system());
    Anchor.create(folder.resolve("anchor"));
    anchor = Anchor.open(folder.resolve("anchor"));
    writer =
        new Writer(
            store,
            anchor,
            new Faults() {
              @Override
              public void broken(Tx tx, RuntimeException cause) {
                tx.meta().put("broken", String.valueOf(cause.getMessage()));
                faults.add("broken");
              }

              @Override
              public void rolledBack(Tx tx, Id lease, String reason) {
                faults.add("rolled back");
              }
            },
            this::pass);
  }

  private void pass(CrashPoints.Moment moment) {
    moments.add(moment);
    if (deadly.equals(Optional.of(moment))) {
      throw new Crash();
    }
  }

  private static final class Crash extends Error {
    private static final long serialVersionUID = 1L;
  }

  @AfterEach
  void close() throws Exception {
    writer.close();
    store.close();
    anchor.close();
  }

  @Test
  void aStepThatFailsIsUndoneAloneAndOneThatIsRecordedIsKept() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> first =
          threads.submit(() -> writer.run(Reach.NO_LEASE, tx -> waitFor(gate, "first")));
      List<Future<String>> batch = new ArrayList<>();
      batch.add(threads.submit(() -> writer.run(Reach.NO_LEASE, tx -> put(tx, "good"))));
      batch.add(
          threads.submit(() -> writer.run(Reach.NO_LEASE, tx -> refuse(tx, "refused", false))));
      batch.add(
          threads.submit(() -> writer.run(Reach.NO_LEASE, tx -> refuse(tx, "recorded", true))));
      batch.add(threads.submit(() -> writer.run(Reach.NO_LEASE, WriterTest::breakARule)));
      batch.add(threads.submit(() -> writer.run(Reach.NO_LEASE, tx -> put(tx, "also good"))));
      gate.countDown();
      assertThat(first.get()).isEqualTo("first");
      assertThat(batch.get(0).get()).isEqualTo("good");
      assertThat(batch.get(4).get()).isEqualTo("also good");
      assertThatThrownBy(() -> batch.get(1).get()).hasCauseInstanceOf(Rejected.class);
      assertThatThrownBy(() -> batch.get(2).get()).hasCauseInstanceOf(Rejected.class);
      assertThatThrownBy(() -> batch.get(3).get())
          .cause()
          .isInstanceOfSatisfying(
              Rejected.class, r -> assertThat(r.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }
    assertThat(meta("good")).isTrue();
    assertThat(meta("also good")).isTrue();
    assertThat(meta("recorded")).isTrue();
    assertThat(meta("refused")).isFalse();
    assertThat(meta("half")).isFalse();
    String broken = store.read(tx -> tx.meta().get("broken"));
    assertThat(broken).containsIgnoringCase("constraint");
    assertThat(faults).containsExactly("broken");
  }

  @Tag("CF-09")
  @Test
  void whenTheAnchorCannotBeWrittenNoReplyLeavesEvenForStepsWithoutALedger() throws Exception {
    Id lease = new Id("3f".repeat(16));
    anchor.close();
    assertThatThrownBy(() -> writer.run(Reach.NO_LEASE, tx -> touch(tx, lease)))
        .isInstanceOfSatisfying(
            Rejected.class, r -> assertThat(r.type()).isEqualTo(ProblemType.UNAVAILABLE));
    assertThatThrownBy(() -> writer.run(Reach.NO_LEASE, tx -> put(tx, "later")))
        .as("what was committed and not anchored must be anchored first")
        .isInstanceOf(Rejected.class);
  }

  @Test
  void aLedgerVersionThatWasSeenBeforeIsUndone() throws Exception {
    Id lease = new Id("3f".repeat(16));
    writer.run(Reach.NO_LEASE, tx -> touch(tx, lease));
    assertThatThrownBy(() ->
            writer.run(
                Reach.NO_LEASE,
                tx -> {
                  put(tx, "again");
                  return touch(tx, lease);
                }))
        .isInstanceOfSatisfying(
            Rejected.class, r -> assertThat(r.type()).isEqualTo(ProblemType.FROZEN));
    assertThat(faults).containsExactly("rolled back");
    assertThat(meta("again")).isFalse();
  }

  @Test
  void timeNeverGoesBackAndGoesOnBetweenLooksAtTheDatabase() {
    AtomicLong here = new AtomicLong(7);
    StepClock clock = new StepClock(() -> Instant.ofEpochMilli(here.get()));
    assertThat(clock.next(1_000)).isEqualTo(1_000);
    assertThat(clock.next(900)).as("the database's clock was set back").isEqualTo(1_000);
    assertThat(clock.next(2_000)).isEqualTo(2_000);
    here.addAndGet(50);
    assertThat(clock.peek()).isEqualTo(2_050);
  }

  @Test
  void aStepThatReachesFurtherThanItSaidIsRunAgainWithTheWholeLedger() throws Exception {
    List<String> runs = new ArrayList<>();
    writer.run(
        Reach.NO_LEASE,
        tx -> {
          put(tx, "run " + runs.size());
          runs.add("run");
          tx.requireWholeLedger();
          return tx;
        });
    assertThat(runs).hasSize(2);
    assertThat(meta("run 0")).as("undone").isFalse();
    assertThat(meta("run 1")).isTrue();
    assertThat(faults).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aCrashOfTheWriterLeavesNobodyWaitingAndNothingIsAnswered(CrashPoints.Moment moment) {
    deadly = Optional.of(moment);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> writer.run(Reach.NO_LEASE, tx -> touch(tx, new Id("3f".repeat(16)))))
          .isInstanceOfSatisfying(
              Rejected.class, r -> assertThat(r.type()).isEqualTo(ProblemType.UNAVAILABLE));
    }
    assertThat(moments)
        .isEqualTo(new ArrayList<>(EnumSet.range(CrashPoints.Moment.BEFORE_COMMIT, moment)));
  }

  private boolean meta(String key) {
    return store.read(tx -> tx.meta().find(key)).isPresent();
  }

  private static String waitFor(CountDownLatch gate, String value) {
    try {
      gate.await();
      return value;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String put(Tx tx, String key) {
    tx.meta().put(key, "x");
    return key;
  }

  private static String refuse(Tx tx, String key, boolean recorded) throws Rejected {
    tx.meta().put(key, "x");
    Rejected r = new Rejected(ProblemType.CONFLICT, key);
    throw recorded ? r.recorded() : r;
  }

  /** A foreign key without its row, after something that would have been fine. */
  private static String breakARule(Tx tx) {
    tx.meta().put("half", "x");
    tx.standings().insert("roster", "roster", 1, new Hash("ab".repeat(32)));
    return "never";
  }

  private static String touch(Tx tx, Id lease) {
    tx.touched().put(lease, 5L);
    return "touched";
  }
}
