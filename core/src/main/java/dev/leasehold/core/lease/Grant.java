package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.guard.Mode;

/**
 * An absolute allowance for one enclave key, answering one heartbeat (protocol §6.3).
 *
 * @param ik keyid of the addressee
 * @param hb H of the heartbeat answered, or of the evidence when seq is 0
 * @param prev H of the previous grant, or of the challenge when seq is 0
 */
public record Grant(
    Id leaseId,
    Id instanceId,
    Hash ik,
    long epoch,
    long incarnation,
    long seq,
    Hash hb,
    Hash prev,
    Vec used,
    Vec allow,
    Mode mode,
    long ttlMs,
    long heartbeatMs,
    long cseq,
    LogRef log,
    long issuedAt) {}
