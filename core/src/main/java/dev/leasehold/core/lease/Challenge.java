package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.json.Wire;

/** What evidence must answer, and under which standing objects (protocol §6.2). */
public record Challenge(
    Id leaseId,
    Id instanceId,
    Nonce nonce,
    long epoch,
    long incarnation,
    Hash roster,
    Hash measurements,
    Hash lease,
    @Wire("package") Hash modelPackage,
    boolean gpuRequired,
    long expiresInMs,
    LogRef log,
    long issuedAt) {}
