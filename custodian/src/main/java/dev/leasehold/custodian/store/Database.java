package dev.leasehold.custodian.store;

import org.jdbi.v3.core.Handle;

/** What the two databases do differently; every other statement is the same on both. */
interface Database {
  /** A connection whose commits are durable when they return. */
  Handle openWriter();

  /** A connection that sees what is committed and cannot write. */
  Handle openReader();

  /** Begins a transaction that holds what its steps may write, until it ends. */
  void begin(Handle handle, Reach reach);
}
