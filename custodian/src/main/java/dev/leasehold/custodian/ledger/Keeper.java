package dev.leasehold.custodian.ledger;

import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.LeaseRow;
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
 * Lets time pass for leases nobody asks about: fences who is silent, expires what is over, and
 * compares the books with their sums.
 */
public final class Keeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long TICK_MS = 1_000;
  private static final long AUDIT_MS = 30_000;

  private final Writer writer;
  private final Stops stops;
  private final Freeze freeze;
  private final Incidents incidents;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("ledger-keeper").daemon().factory());

  public Keeper(Writer writer, Stops stops, Freeze freeze, Incidents incidents) {
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
    run(tx -> {
      for (LeaseRow lease : tx.leases().all()) {
        stops.settle(tx, stops.pass(tx, lease));
      }
    });
  }

  /** An edit of the database that no step made shows within a minute. */
  public void audit() {
    run(tx -> {
      Optional<StartCheck.Fault> fault = StartCheck.booksDoNotAddUp(tx);
      if (fault.isPresent() && freeze.reason().isEmpty()) {
        freeze.freeze(tx, fault.get().reason(), fault.get().leases());
        incidents.record(tx, "books", Optional.empty(), Optional.empty(), fault.get().reason());
      }
    });
  }

  private interface Job {
    void run(Tx tx);
  }

  private void run(Job job) {
    try {
      writer.run(tx -> {
        job.run(tx);
        return tx;
      });
    } catch (Rejected e) {
      LOG.warn("the ledger's keeper was refused: {}", e.detail());
    }
  }
}
