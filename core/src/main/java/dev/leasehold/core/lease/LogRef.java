package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;

/** The newest log checkpoint a signer knows (protocol §4.1 {@code log}). */
public record LogRef(long size, Hash root) {
  public static final LogRef EMPTY = new LogRef(0, Digests.EMPTY_SHA256);
}
