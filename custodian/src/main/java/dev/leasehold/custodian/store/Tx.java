package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.LogRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables as one step sees them, and the time at which it happens. */
public final class Tx {
  private final Transaction transaction;
  private final Map<Id, Long> touched = new LinkedHashMap<>();
  private final List<Runnable> afterCommit = new ArrayList<>();

  Tx(Transaction transaction) {
    this.transaction = transaction;
  }

  /** The custodian's time in ms since the epoch; one value for the whole transaction. */
  public long now() {
    return transaction.now();
  }

  public Meta meta() {
    return new Meta(transaction.handle());
  }

  public Envelopes envelopes() {
    return new Envelopes(transaction.handle(), transaction.bodies(), now());
  }

  public Standings standings() {
    return new Standings(transaction.handle());
  }

  public Leases leases() {
    return new Leases(transaction.handle(), transaction.reach(), touched::put);
  }

  public Instances instances() {
    return new Instances(transaction.handle(), transaction.reach());
  }

  public Platforms platforms() {
    return new Platforms(transaction.handle());
  }

  public Deks deks() {
    return new Deks(transaction.handle());
  }

  public Challenges challenges() {
    return new Challenges(transaction.handle());
  }

  public Attestations attestations() {
    return new Attestations(transaction.handle());
  }

  public Exchanges exchanges() {
    return new Exchanges(transaction.handle());
  }

  public CommandRows commands() {
    return new CommandRows(transaction);
  }

  public LogEntries log() {
    return new LogEntries(transaction.handle(), now());
  }

  /** Before what no single lease's row is the lock of: see {@link Reach}. */
  public void requireWholeLedger() {
    transaction.reach().requireWhole();
  }

  public LogTiles logTiles() {
    return new LogTiles(transaction.handle());
  }

  public LogCheckpoints logCheckpoints() {
    return new LogCheckpoints(transaction.handle(), transaction.head(), this::afterCommit);
  }

  /** The newest published checkpoint, for the {@code log} field of what is signed (§4.1). */
  public LogRef logRef() {
    return transaction.head().ref();
  }

  /**
   * Whether this transaction, of all replicas', is the one that does this work until it ends.
   * False: another is at it, and there is nothing to do.
   */
  public boolean isAlone(String work) {
    return transaction.database().isAlone(transaction.handle(), work);
  }

  /** Runs after the commit and before the reply, and not at all if there is no commit. */
  public void afterCommit(Runnable action) {
    afterCommit.add(action);
  }

  Map<Id, Long> touched() {
    return touched;
  }

  List<Runnable> actions() {
    return afterCommit;
  }
}
