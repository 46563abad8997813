package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Wire;

/** Fresh proof for consumers that an enclave serves under a live lease (protocol §6.4). */
public record Staple(
    Id leaseId,
    Id instanceId,
    Hash ik,
    Hash evidence,
    Hash appraisal,
    @Wire("package") Hash modelPackage,
    Hash modelDigest,
    long epoch,
    long incarnation,
    State state,
    long validMs,
    LogRef log,
    long issuedAt) {

  /** Staples exist only for active leases. */
  public enum State {
    ACTIVE
  }
}
