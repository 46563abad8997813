package dev.leasehold.adversary.world;

import dev.leasehold.custodian.store.LedgerDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;

/** The kind of database that worlds have their ledgers in; its text is its name. */
public interface Ledgers {
  /** A file of one node, which nobody reads while that is down. */
  Ledgers SQLITE = new SqliteLedgers();

  /** How many nodes share a ledger. */
  int nodes();

  /** Where a custodian that is to be made in this folder will have its ledger. */
  LedgerDatabase place(Path folder);

  /**
   * A ledger like one that nobody has open.
   *
   * @param folder a copy of the folder of the original's custodian
   */
  LedgerDatabase copy(LedgerDatabase original, Path folder);

  /** The same ledger with a world's clock in place of the server's. */
  LedgerDatabase timed(LedgerDatabase ledger, InstantSource clock);

  /** A look at a ledger with plain SQL. */
  Connection connect(LedgerDatabase ledger) throws SQLException;

  /** Whether it can be looked at while all nodes are down. */
  boolean isServed();

  /**
   * Undoes what is begun and not committed, as a server does to a node that stands still for too
   * long in the middle of it.
   */
  void undoUncommitted(LedgerDatabase ledger);

  /** A copy of what is committed, which can take the place of the ledger; empty if none is kept. */
  Optional<Path> backUp(LedgerDatabase ledger, Connection open);

  /** Nobody will look at it again. */
  void drop(LedgerDatabase ledger);
}
