package dev.leasehold.cli;

import dev.leasehold.core.lease.Lease;

/** The parameter profiles of protocol §15, as starting points for a lease. */
enum Profile {
  /** Small steps: at most 1 000 tokens are ever out of sight. */
  strict(1_000, 1, 0, 2_000, 6_000, 1, 1, 0),
  /** Half a minute of full speed without the custodian. */
  normal(48_000, 2, 1, 15_000, 45_000, 64, 8, 50),
  /** Serves through an outage of twenty minutes at full speed. */
  offline(2_000_000, 1, 0, 600_000, 1_800_000, 64, 8, 50);

  private final long tranche;
  private final long active;
  private final long spare;
  private final long heartbeatMs;
  private final long ttlMs;
  private final long quantum;
  private final long minRequests;
  private final long topUpPercent;

  Profile(
      long tranche,
      long active,
      long spare,
      long heartbeatMs,
      long ttlMs,
      long quantum,
      long minRequests,
      long topUpPercent) {
    this.tranche = tranche;
    this.active = active;
    this.spare = spare;
    this.heartbeatMs = heartbeatMs;
    this.ttlMs = ttlMs;
    this.quantum = quantum;
    this.minRequests = minRequests;
    this.topUpPercent = topUpPercent;
  }

  /** Output tokens (or requests, where there are no tokens) of one grant. */
  long tranche() {
    return tranche;
  }

  long active() {
    return active;
  }

  /** Active enclaves plus those that may have crashed without a final. */
  long instances() {
    return active + spare;
  }

  long heartbeatMs() {
    return heartbeatMs;
  }

  long ttlMs() {
    return ttlMs;
  }

  Lease.Telemetry telemetry() {
    return new Lease.Telemetry(quantum, minRequests, topUpPercent);
  }
}
