package dev.leasehold.core.dsse;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;

/**
 * One signature of an envelope.
 *
 * @param keyid the keyid in hex, followed by {@code .mldsa65} for the post-quantum half
 */
public record SignatureEntry(String keyid, Bytes sig) {
  static final String MLDSA65_SUFFIX = ".mldsa65";

  public SignatureEntry {
    String plain = keyid.endsWith(MLDSA65_SUFFIX) ? strip(keyid) : keyid;
    if (plain.length() != 2 * Hash.BYTES) {
      throw new IllegalArgumentException("keyid: expected 64 hex digits, found " + keyid);
    }
  }

  boolean isMlDsa65() {
    return keyid.endsWith(MLDSA65_SUFFIX);
  }

  /** The keyid of the key record, whichever half this is. */
  public Hash key() {
    return new Hash(isMlDsa65() ? strip(keyid) : keyid);
  }

  private static String strip(String keyid) {
    return keyid.substring(0, keyid.length() - MLDSA65_SUFFIX.length());
  }
}
