package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;

/** The model key, sealed once to the key of one appraised enclave (protocol §5, §6.2). */
public record KeyRelease(
    Id leaseId,
    Id instanceId,
    Hash evidence,
    Hash grant,
    Id dekId,
    long kem,
    Bytes enc,
    Bytes ct,
    long shareIndex,
    long shareCount,
    long issuedAt) {
  /** X-Wing in the HPKE registry (0x647A). */
  public static final long KEM_XWING = 25_722;

  public KeyRelease {
    Rules.require(kem == KEM_XWING, "kem: expected 25722", kem);
  }
}
