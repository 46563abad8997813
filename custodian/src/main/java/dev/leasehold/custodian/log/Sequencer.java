package dev.leasehold.custodian.log;

import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.TileAppender;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.LogCheckpoints;
import dev.leasehold.custodian.store.LogEntries;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.util.List;
import java.util.Optional;

/**
 * Gives entries that wait their places. Places, tiles and the signed checkpoint over them are one
 * transaction, so that a checkpoint is neither published before it is durable nor signed twice for
 * one size; a node that is frozen signs none. Of several replicas one at a time does it.
 */
public final class Sequencer {
  /** So many entries keep the ledger's writer busy for a few milliseconds. */
  static final int MOST = 512;

  private static final String WORK = "log";

  private final Writer writer;
  private final CustodianKeys keys;
  private final Freeze freeze;

  public Sequencer(Writer writer, CustodianKeys keys, Freeze freeze) {
    this.writer = writer;
    this.keys = keys;
    this.freeze = freeze;
  }

  /**
   * Sequences what waits.
   *
   * @return how many entries got a place
   */
  public long run() throws Rejected {
    long all = 0;
    int batch;
    do {
      batch = writer.run(Reach.NO_LEASE, this::batch);
      all += batch;
    } while (batch == MOST);
    return all;
  }

  private int batch(Tx tx) {
    if (!tx.isAlone(WORK)) {
      return 0;
    }
    List<LogEntries.Pending> entries = tx.log().pending(MOST);
    Optional<LogCheckpoints.Row> last = tx.logCheckpoints().newest();
    last.ifPresent(tx.logCheckpoints()::publish);
    boolean nothingToSay = entries.isEmpty() && last.isPresent();
    if (nothingToSay || freeze.reason(tx).isPresent() || LogCheck.head(tx).isPresent()) {
      return 0;
    }
    append(tx, last.map(LogCheckpoints.Row::size).orElse(0L), entries);
    return entries.size();
  }

  private void append(Tx tx, long size, List<LogEntries.Pending> entries) {
    TileAppender tree = new TileAppender(size, tx.logTiles()::get);
    entries.forEach(e -> tree.append(Merkle.leaf(e.entry().toArray())));
    tx.log().place(entries, size);
    tx.logTiles().put(tree.changed());
    Checkpoint head = new Checkpoint(tx.meta().get("log_origin"), tree.size(), tree.root());
    tx.logCheckpoints().insert(new LogCheckpoints.Row(head.size(), head.root(), keys.sign(head)));
  }
}
