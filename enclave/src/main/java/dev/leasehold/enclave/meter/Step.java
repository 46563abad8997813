package dev.leasehold.enclave.meter;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.lease.Bundles;

/** What the lease loop wants done next. */
public sealed interface Step {
  /**
   * Post this heartbeat now and tell the loop what came of it.
   *
   * @param message H of the heartbeat, which an answer must name
   */
  record Beat(Bundles.HeartbeatPost post, Hash message) implements Step {}

  /** Fetch a challenge and attest again. */
  record Reattest() implements Step {}

  /** Nothing before this instant, unless something arrives. */
  record Wait(long untilNanos) implements Step {}

  /** It is over: wipe, then sign the final. */
  record Stop() implements Step {}
}
