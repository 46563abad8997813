package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import java.util.Optional;

/**
 * A standing object that is replaced by its next version, which counts one more and names it
 * (protocol §6.1).
 */
public sealed interface Versioned permits Lease, Measurements, Roster {
  /** 1 for the first. */
  long version();

  /** H of the version before; empty in the first. */
  Optional<Hash> previous();
}
