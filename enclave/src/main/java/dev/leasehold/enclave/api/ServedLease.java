package dev.leasehold.enclave.api;

import dev.leasehold.enclave.meter.Instance;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.meter.View;

/** What serving needs to know of the lease, and tells it. Safe from any thread. */
public interface ServedLease {
  /** This boot; its key signs key configurations and receipts. */
  Instance me();

  /** The newest state. Serving starts after grant 0, so there is one. */
  View view();

  /** False from the instant on at which nothing may be shown, whatever was made before it. */
  boolean mayEmit();

  /** Counts requests for heartbeats. */
  Tally tally();

  /** The borrower wants the enclave to finish what it admitted and to stop. */
  void drain();
}
