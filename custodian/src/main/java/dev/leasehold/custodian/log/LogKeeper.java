package dev.leasehold.custodian.log;

import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.ledger.Incidents;
import dev.leasehold.custodian.ledger.StartCheck;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.LogCheckpoints;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets time pass for the log: sequences what waits within a second, and compares what is kept with
 * what was signed, a stretch at a time.
 */
public final class LogKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogKeeper.class);
  private static final long SEQUENCE_MS = 500;
  private static final long CHECK_MS = 30_000;

  /** About 50 000 entries, so that a check takes less than a second. */
  private static final long TILES_A_CHECK = 200;

  private final Store store;
  private final Writer writer;
  private final Sequencer sequencer;
  private final Freeze freeze;
  private final Incidents incidents;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("log-keeper").daemon().factory());
  private long nextTile;

  public LogKeeper(
      Store store, Writer writer, Sequencer sequencer, Freeze freeze, Incidents incidents) {
    this.store = store;
    this.writer = writer;
    this.sequencer = sequencer;
    this.freeze = freeze;
    this.incidents = incidents;
  }

  public void start() {
    schedule(this::sequence, SEQUENCE_MS);
    schedule(this::check, CHECK_MS);
  }

  @Override
  public void close() {
    timer.close();
  }

  private interface Job {
    void run() throws Rejected;
  }

  private void schedule(Job job, long everyMs) {
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                job.run();
              } catch (Rejected e) {
                LOG.warn("the log's keeper was refused: {}", e.detail());
              } catch (RuntimeException e) {
                LOG.error("the log's keeper failed; it tries again", e);
              }
            },
            0,
            everyMs,
            TimeUnit.MILLISECONDS);
  }

  /** Publishes what waits, if anything does. */
  public void sequence() throws Rejected {
    store.refreshLogHead();
    boolean idle =
        store.logHead().isPresent() && store.read(tx -> tx.log().backlog().entries() == 0);
    if (!idle) {
      sequencer.run();
    }
  }

  /** Looks at the head and at the next stretch of the log, and freezes where they are wrong. */
  public void check() throws Rejected {
    long first = nextTile;
    if (store.read(tx -> fault(tx, first).isPresent())) {
      writer.run(
          Reach.WHOLE_LEDGER,
          tx -> {
            fault(tx, first).ifPresent(reason -> freeze(tx, reason));
            return tx;
          });
    }
    long size = store.logHead().map(LogCheckpoints.Row::size).orElse(0L);
    nextTile = first + TILES_A_CHECK < LogCheck.tiles(size) ? first + TILES_A_CHECK : 0;
  }

  private Optional<String> fault(Tx tx, long first) {
    return freeze.reason(tx).isPresent()
        ? Optional.empty()
        : LogCheck.head(tx).or(() -> LogCheck.tiles(tx, first, TILES_A_CHECK));
  }

  private void freeze(Tx tx, String reason) {
    StartCheck.Fault fault = LogCheck.frozen(tx, reason);
    freeze.freeze(tx, fault.reason(), fault.leases());
    incidents.record(tx, "log", Optional.empty(), Optional.empty(), fault.reason());
  }
}
