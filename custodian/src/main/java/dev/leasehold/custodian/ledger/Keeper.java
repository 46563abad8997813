package dev.leasehold.custodian.ledger;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets time pass for leases nobody asks about: fences who is silent, expires what is over, and
 * compares the books with their sums. It looks without holding anything, and looks again at what it
 * found with those leases held: several keepers do no harm.
 */
public final class Keeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long TICK_MS = 1_000;
  private static final long AUDIT_MS = 30_000;

  private final Store store;
  private final Writer writer;
  private final Stops stops;
  private final Freeze freeze;
  private final Incidents incidents;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("ledger-keeper").daemon().factory());

  public Keeper(Store store, Writer writer, Stops stops, Freeze freeze, Incidents incidents) {
    this.store = store;
    this.writer = writer;
    this.stops = stops;
    this.freeze = freeze;
    this.incidents = incidents;
  }

  public void start() {
    schedule(this::pass, TICK_MS);
    schedule(this::audit, AUDIT_MS);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void schedule(Runnable job, long everyMs) {
    ScheduledFuture<?> _ =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                job.run();
              } catch (RuntimeException e) {
                LOG.error("the ledger's keeper failed; it tries again", e);
              }
            },
            everyMs,
            everyMs,
            TimeUnit.MILLISECONDS);
  }

  /** Fences, expires and settles what is due now. */
  public void pass() {
    if (freeze.isUnsaved()) {
      run(Reach.WHOLE_LEDGER, freeze::save);
    }
    List<Id> due = store.read(Stops::due);
    if (!due.isEmpty()) {
      run(
          Reach.of(due),
          tx -> due.forEach(id -> stops.settle(tx, stops.pass(tx, tx.leases().get(id)))));
    }
  }

  /** An edit of the database that no step made shows within a minute. */
  public void audit() {
    if (store.read(
        tx -> freeze.reason(tx).isEmpty() && StartCheck.booksDoNotAddUp(tx).isPresent())) {
      run(Reach.WHOLE_LEDGER, tx -> StartCheck.booksDoNotAddUp(tx).ifPresent(f -> freeze(tx, f)));
    }
  }

  private void freeze(Tx tx, StartCheck.Fault fault) {
    freeze.freeze(tx, fault.reason(), fault.leases());
    incidents.record(tx, "books", Optional.empty(), Optional.empty(), fault.reason());
  }

  private void run(Reach reach, Consumer<Tx> job) {
    try {
      writer.run(
          reach,
          tx -> {
            job.accept(tx);
            return tx;
          });
    } catch (Rejected e) {
      LOG.warn("the ledger's keeper was refused: {}", e.detail());
    }
  }
}
