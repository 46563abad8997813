package dev.leasehold.core.dsse;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;

/**
 * A public key and its name (protocol §4.2).
 *
 * @param keyid recomputed on construction; a record with another keyid cannot exist
 * @param ed25519 32 raw bytes
 * @param mldsa65 1 952 raw bytes, or empty: then an ML-DSA signature by this key is an error
 */
public record KeyRecord(Hash keyid, Bytes ed25519, Bytes mldsa65) {
  private static final int ED25519_BYTES = 32;
  private static final int MLDSA65_BYTES = 1952;

  public KeyRecord {
    if (ed25519.length() != ED25519_BYTES) {
      throw new IllegalArgumentException("ed25519: expected 32 bytes, found " + ed25519.length());
    }
    if (!mldsa65.isEmpty() && mldsa65.length() != MLDSA65_BYTES) {
      throw new IllegalArgumentException(
          "mldsa65: expected 0 or 1952 bytes, found " + mldsa65.length());
    }
    Hash computed = name(ed25519, mldsa65);
    if (!computed.equals(keyid)) {
      throw new IllegalArgumentException(
          "keyid: the keys hash to " + computed + ", found " + keyid);
    }
  }

  /** The record of an Ed25519 key alone. */
  public static KeyRecord ed25519(Bytes key) {
    return new KeyRecord(name(key, Bytes.EMPTY), key, Bytes.EMPTY);
  }

  /** The record of a hybrid key. */
  public static KeyRecord hybrid(Bytes ed25519, Bytes mldsa65) {
    return new KeyRecord(name(ed25519, mldsa65), ed25519, mldsa65);
  }

  private static Hash name(Bytes ed25519, Bytes mldsa65) {
    return Digests.domain("leasehold/1/keyid", ed25519.toArray(), mldsa65.toArray());
  }
}
