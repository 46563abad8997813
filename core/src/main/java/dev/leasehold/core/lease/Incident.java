package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.MaxBytes;
import java.util.List;
import java.util.Optional;

/**
 * Something that should not happen, kept with the bodies that show it; for the log only (protocol
 * §6.4).
 */
public record Incident(
    Optional<Id> leaseId,
    Optional<Id> instanceId,
    String what,
    List<Bytes> bodies,
    @MaxBytes(2000) String detail,
    LogRef log,
    long issuedAt) {}
