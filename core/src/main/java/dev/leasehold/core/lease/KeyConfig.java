package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;

/** The key consumers seal requests to, signed by the enclave (protocol §11.1). */
public record KeyConfig(
    Id leaseId,
    Id instanceId,
    long keySeq,
    Bytes ck,
    long kem,
    long kdf,
    long aead,
    long frameBytes,
    long frameMs,
    long maxRequestBytes,
    Hash modelDigest,
    long issuedAt,
    long expiresAt) {
  public static final long VALID_MS = 86_400_000;
}
