package dev.leasehold.custodian.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Vec;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What waits for the end of a transaction is there for its steps as if it had been written. */
class WorkTest {
  private static final Id LEASE = new Id("3f".repeat(16));
  private static final Hash ENVELOPE = new Hash("ab".repeat(32));
  private static final Vec NOTHING = new Vec(0, 0, 0, 0);

  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() throws Exception {
    LedgerDatabase file = new LedgerDatabase.SqliteFile(folder.resolve("db"));
    Store.create(file, InstantSource.system(), tx -> {});
    store = Store.open(file, InstantSource.system());
    store
        .begin(Reach.WHOLE_LEDGER)
        .sql()
        .update(
            "INSERT INTO envelope (hash, kind, body, received_at) VALUES (?, 'lease', '', 0)",
            ENVELOPE.hex());
    store.commit();
    store.setUp(tx ->
        tx.leases()
            .insert(
                new LeaseRow(
                    LEASE,
                    1,
                    ENVELOPE,
                    new Id("b0".repeat(16)),
                    ENVELOPE,
                    LeaseState.ACTIVE,
                    1,
                    1,
                    1,
                    0,
                    new Ledger(out(100), out(100), NOTHING, NOTHING, NOTHING),
                    Optional.empty())));
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void laterStepsSeeItAndOthersAfterTheCommit() {
    Transaction t = store.begin(Reach.of(LEASE));
    promise(new Tx(t), 10).keep();
    promise(new Tx(t), 20).keep();
    assertThat(promised()).isZero();
    t.write();
    store.commit();
    assertThat(promised()).isEqualTo(20);
    assertThat(store.read(tx -> tx.leases().get(LEASE)).ver()).isEqualTo(3);
  }

  @Test
  void aStepThatIsUndoneTakesNothingOfOthersAlong() {
    Transaction t = store.begin(Reach.of(LEASE));
    promise(new Tx(t), 10).keep();
    promise(new Tx(t), 20).undo();
    Tx direct = promise(new Tx(t), 30);
    direct.meta().put("half", "x");
    promise(direct, 40).undo();
    Tx last = new Tx(t);
    assertThat(last.leases().get(LEASE).ledger().reserved()).isEqualTo(out(10));
    assertThat(last.meta().find("half")).isEmpty();
    last.keep();
    t.write();
    store.commit();
    assertThat(promised()).isEqualTo(10);
  }

  @Test
  void queriesAndStepsThatWriteAtOnceFindItInTheDatabase() {
    Transaction t = store.begin(Reach.of(LEASE));
    promise(new Tx(t), 10).keep();
    Tx asking = promise(new Tx(t), 20);
    assertThat(asking.leases().all())
        .extracting(l -> l.ledger().reserved())
        .containsExactly(out(20));
    promise(asking, 30).keep();
    promise(new Tx(t), 40).keep();
    t.write();
    store.commit();
    assertThat(promised()).isEqualTo(40);
  }

  @Test
  void whatAStepReadBeforeAnotherWroteIsReadAgain() {
    Transaction t = store.begin(Reach.of(LEASE));
    Tx reading = new Tx(t);
    assertThat(reading.meta().find("k")).isEmpty();
    reading.keep();
    Tx writing = new Tx(t);
    writing.meta().put("k", "v");
    writing.keep();
    assertThat(new Tx(t).meta().find("k")).contains("v");
    store.rollBack();
  }

  @Test
  void anOldRowIsNotWrittenOverANewerOne() {
    Transaction t = store.begin(Reach.of(LEASE));
    LeaseRow old = new Tx(t).leases().get(LEASE);
    promise(new Tx(t), 10).keep();
    assertThatThrownBy(() -> new Tx(t).leases().save(old)).hasMessageContaining("changed under");
    Tx direct = new Tx(t);
    direct.meta().put("k", "v");
    assertThatThrownBy(() -> direct.leases().save(old)).hasMessageContaining("changed under");
    store.rollBack();
  }

  @Test
  void whoOnlyReadsCannotWrite() {
    assertThatThrownBy(() ->
            store.read(tx -> {
              tx.meta().put("k", "v");
              return tx;
            }))
        .hasMessageContaining("read-only");
  }

  /** The database finds out at the end of the transaction, when nobody knows whose it is. */
  @Test
  void ofStepsThatAreWrittenTogetherOnlyTheOneAtFaultIsRefused() throws Exception {
    List<String> faults = Collections.synchronizedList(new ArrayList<>());
    Anchor.create(folder.resolve("anchor"));
    CountDownLatch gate = new CountDownLatch(1);
    try (Anchor anchor = Anchor.open(folder.resolve("anchor"));
        Writer writer = new Writer(store, anchor, recording(faults), CrashPoints.NONE);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> first = threads.submit(() -> writer.runFirst(Reach.NO_LEASE, tx -> wait(gate)));
      Future<?> good = threads.submit(() -> writer.run(Reach.of(LEASE), tx -> promise(tx, 10)));
      Future<?> bad = threads.submit(() -> writer.run(Reach.of(LEASE), WorkTest::withoutEnvelope));
      gate.countDown();
      first.get();
      assertThatThrownBy(bad::get).hasMessageContaining("the ledger's rules forbid this step");
      good.get();
    }
    assertThat(promised()).isEqualTo(10);
    assertThat(faults).singleElement().asString().containsIgnoringCase("foreign key");
  }

  private static Faults recording(List<String> faults) {
    return new Faults() {
      @Override
      public void broken(Tx tx, RuntimeException cause) {
        faults.add(String.valueOf(cause.getMessage()));
      }

      @Override
      public void rolledBack(Tx tx, Id lease, String reason) {
        throw new AssertionError(reason);
      }
    };
  }

  private static String wait(CountDownLatch gate) {
    try {
      gate.await();
      return "waited";
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Tx promise(Tx tx, long tokens) {
    LeaseRow lease = tx.leases().get(LEASE);
    Ledger l = lease.ledger();
    tx.leases()
        .save(
            lease.with(
                new Ledger(l.budget(), l.exposureMax(), out(tokens), l.settled(), l.residual())));
    return tx;
  }

  private static LeaseRow withoutEnvelope(Tx tx) {
    LeaseRow lease = tx.leases().get(LEASE);
    return tx.leases().save(lease.withTerms(2, new Hash("cd".repeat(32)), lease.ledger()));
  }

  private long promised() {
    return store.read(tx -> tx.leases().get(LEASE)).ledger().reserved().outputTokens();
  }

  private static Vec out(long tokens) {
    return new Vec(0, 0, tokens, 0);
  }
}
