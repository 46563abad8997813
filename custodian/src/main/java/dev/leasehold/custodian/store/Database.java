package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.time.InstantSource;
import java.util.function.ObjLongConsumer;
import org.jdbi.v3.core.Handle;

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

  /** A connection whose commits are durable when they return. */
  Handle openWriter();

  /** A connection that sees what is committed and cannot write. */
  Handle openReader();

  /** Whether somebody has made a ledger here; who may be about to has to finish first. */
  boolean hasLedger(Handle handle);

  /** Begins a transaction that holds what its steps may write, until it ends. */
  void begin(Handle handle, Reach reach);

  /** Returns when everything is on stable storage, here and wherever it must be. */
  void commit(Handle handle);

  /** The time by which all replicas go, in ms since the epoch. */
  long millis(Handle handle);

  /** A clock that runs like the database's between two looks at that; only differences count. */
  InstantSource running();

  Failure failure(RuntimeException e);

  /** True for one transaction at a time, of all replicas, until it ends. */
  boolean isAlone(Handle handle, String work);

  /** Tells other replicas, once this is committed, that a lease has a command. */
  void announce(Handle handle, Id lease, long cseq);

  /** Hears what other replicas announce, or finds out soon: a lease and its newest {@code cseq}. */
  AutoCloseable listen(ObjLongConsumer<Id> heard);
}
