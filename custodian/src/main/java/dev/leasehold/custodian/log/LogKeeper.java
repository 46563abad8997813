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
import dev.leasehold.custodian.time.Recurring;
import java.time.Duration;
import java.util.Optional;

/**
 * Lets time pass for the log: sequences what waits within a second, and compares what is kept with
 * what was signed, a stretch at a time.
 */
public final class LogKeeper implements AutoCloseable {
  private static final Duration SEQUENCE = Duration.ofMillis(500);
  private static final Duration CHECK = Duration.ofSeconds(30);

  /** About 50 000 entries, so that a check takes less than a second. */
  private static final long TILES_A_CHECK = 200;

  private final Store store;
  private final Writer writer;
  private final Sequencer sequencer;
  private final Freeze freeze;
  private final Incidents incidents;
  private final Recurring jobs = new Recurring("log-keeper");
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
    jobs.start("the log's sequencer", Duration.ZERO, SEQUENCE, this::sequence);
    jobs.start("the check of the log", Duration.ZERO, CHECK, this::check);
  }

  @Override
  public void close() {
    jobs.close();
  }

  /** Publishes what waits, or what another node has sequenced, if there is anything. */
  public void sequence() throws Rejected {
    Optional<LogCheckpoints.Row> published = store.logHead();
    boolean idle =
        published.isPresent()
            && store.read(tx ->
                tx.log().backlog().entries() == 0
                    && tx.logCheckpoints().newest().equals(published));
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
