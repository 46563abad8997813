package dev.leasehold.custodian.ledger;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import dev.leasehold.custodian.time.Recurring;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets time pass for leases nobody asks about: fences who is silent, expires what is over, and
 * compares the books with their sums. It looks without holding anything, and looks again at what it
 * found with those leases held: several keepers do no harm.
 */
public final class Keeper implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration AUDIT = Duration.ofSeconds(30);

  private final Store store;
  private final Writer writer;
  private final Stops stops;
  private final Freeze freeze;
  private final Incidents incidents;
  private final Recurring jobs = new Recurring("ledger-keeper");

  public Keeper(Store store, Writer writer, Stops stops, Freeze freeze, Incidents incidents) {
    this.store = store;
    this.writer = writer;
    this.stops = stops;
    this.freeze = freeze;
    this.incidents = incidents;
  }

  public void start() {
    jobs.start("the ledger's keeper", TICK, TICK, this::pass);
    jobs.start("the audit of the books", AUDIT, AUDIT, this::audit);
  }

  @Override
  public void close() {
    jobs.close();
  }

  /** Fences, expires and settles what is due now. */
  public void pass() throws Rejected {
    if (freeze.isUnsaved()) {
      run(Reach.WHOLE_LEDGER, freeze::save);
    }
    List<Id> due = store.read(stops::due);
    if (!due.isEmpty()) {
      run(
          Reach.of(due),
          tx -> due.forEach(id -> stops.settle(tx, stops.pass(tx, tx.leases().get(id)))));
    }
  }

  /** An edit of the database that no step made shows within a minute. */
  public void audit() throws Rejected {
    if (store.read(
        tx -> freeze.reason(tx).isEmpty() && StartCheck.booksDoNotAddUp(tx).isPresent())) {
      run(Reach.WHOLE_LEDGER, tx -> StartCheck.booksDoNotAddUp(tx).ifPresent(f -> freeze(tx, f)));
    }
  }

  private void freeze(Tx tx, StartCheck.Fault fault) {
    freeze.freeze(tx, fault.reason(), fault.leases());
    incidents.record(tx, "books", Optional.empty(), Optional.empty(), fault.reason());
  }

  private void run(Reach reach, Consumer<Tx> job) throws Rejected {
    writer.run(
        reach,
        tx -> {
          job.accept(tx);
          return tx;
        });
  }
}
