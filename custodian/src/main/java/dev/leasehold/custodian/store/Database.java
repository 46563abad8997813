package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ObjLongConsumer;

/** What the two databases do differently; every other statement is the same on both. */
interface Database {
  /** What a failed statement says about the step it is part of. */
  enum Failure {
    /** The ledger's rules forbid it. */
    RULE,
    /** Another replica was first with a value that is there once: what it did can be seen now. */
    RACE,
    /** Nothing is wrong with any step of the transaction, which did not get through. */
    COLLISION,
    /** The database cannot be reached or cannot write. */
    GONE
  }

  /** Rows that were read together with the locks of their leases. */
  record Held(List<LeaseRow> leases, List<InstanceRow> instances) {
    static final Held NOTHING = new Held(List.of(), List.of());
  }

  /** It is there, and set up so that no ledger can be kept in it. */
  final class Unfit extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unfit(String why) {
      super(why);
    }
  }

  /**
   * A connection whose commits are durable when they return.
   *
   * @throws Unfit when they could not be
   */
  Sql openWriter();

  /** A connection that sees what is committed and cannot write. */
  Sql openReader();

  /** Whether somebody has made a ledger here; who may be about to has to finish first. */
  boolean hasLedger(Sql sql);

  /**
   * Makes a transaction that has begun hold what its steps may write, until it ends.
   *
   * @return what is read in the same breath, of the rows that the steps named
   */
  Held hold(Sql sql, Reach reach);

  /** Returns when everything is on stable storage, here and wherever it must be. */
  void commit(Sql sql);

  /** The time by which all replicas go, in ms since the epoch. */
  long millis(Sql sql);

  /** A clock that runs like the database's between two looks at that; only differences count. */
  InstantSource running();

  Failure failure(RuntimeException e);

  /** True for one transaction at a time, of all replicas, until it ends. */
  boolean isAlone(Sql sql, String work);

  /** Tells other replicas, once this is committed, that a lease has a command. */
  void announce(Sql sql, Id lease, long cseq);

  /** Hears what other replicas announce, or finds out soon: a lease and its newest {@code cseq}. */
  AutoCloseable listen(ObjLongConsumer<Id> heard);
}
