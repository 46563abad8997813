package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;

/**
 * The relay asks for a challenge for a new enclave (protocol §6.2). Signed by the borrower's key.
 */
public record Hello(Id leaseId, Tee tee, Nonce nonce, long issuedAt) {}
