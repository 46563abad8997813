package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Wire;

/** The custodian's answer to a final; together they are the proof of cessation (protocol §6.4). */
public record Closure(
    Id leaseId,
    Id instanceId,
    @Wire("final") Hash finalHash,
    Vec used,
    Vec refund,
    long epoch,
    long incarnation,
    LogRef log,
    long issuedAt) {}
