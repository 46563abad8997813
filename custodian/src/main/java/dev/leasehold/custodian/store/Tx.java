package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.LogRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables as one step sees them, and the time at which it happens. */
public final class Tx {
  private final Work work;
  private final Map<Id, Long> touched = new LinkedHashMap<>();
  private final List<Runnable> afterCommit = new ArrayList<>();

  Tx(Transaction transaction) {
    this.work = new Work(transaction);
  }

  /** For a step that has its transaction to itself: it writes at once. */
  static Tx alone(Transaction transaction) {
    Tx tx = new Tx(transaction);
    tx.work.direct();
    return tx;
  }

  /** The custodian's time in ms since the epoch; one value for the whole transaction. */
  public long now() {
    return work.transaction().now();
  }

  public Meta meta() {
    return new Meta(work);
  }

  public Envelopes envelopes() {
    return new Envelopes(work);
  }

  public Standings standings() {
    return new Standings(work);
  }

  public Leases leases() {
    return new Leases(work, touched::put);
  }

  public Instances instances() {
    return new Instances(work);
  }

  public Platforms platforms() {
    return new Platforms(work);
  }

  public Deks deks() {
    return new Deks(work);
  }

  public Challenges challenges() {
    return new Challenges(work);
  }

  public Attestations attestations() {
    return new Attestations(work);
  }

  public Exchanges exchanges() {
    return new Exchanges(work);
  }

  public CommandRows commands() {
    return new CommandRows(work);
  }

  public LogEntries log() {
    return new LogEntries(work);
  }

  /** Before what no single lease's row is the lock of: see {@link Reach}. */
  public void requireWholeLedger() {
    work.transaction().reach().requireWhole();
  }

  public LogTiles logTiles() {
    return new LogTiles(work);
  }

  public LogCheckpoints logCheckpoints() {
    return new LogCheckpoints(work, this::afterCommit);
  }

  /** The newest published checkpoint, for the {@code log} field of what is signed (§4.1). */
  public LogRef logRef() {
    return work.transaction().head().ref();
  }

  /**
   * Whether this transaction, of all replicas', is the one that does this work until it ends.
   * False: another is at it, and there is nothing to do.
   */
  public boolean isAlone(String task) {
    return work.transaction().database().isAlone(work.sql(), task);
  }

  /** Runs after the commit and before the reply, and not at all if there is no commit. */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  void keep() {
    work.keep();
  }

  void undo() {
    work.undo();
  }

  Map<Id, Long> touched() {
    return touched;
  }

  List<Runnable> actions() {
    return afterCommit;
  }
}
