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

  /** Whoever holds an entry may ask for its key. */
  public SignatureEntry {
    parse(keyid);
  }

  boolean isMlDsa65() {
    return keyid.endsWith(MLDSA65_SUFFIX);
  }

  /** The keyid of the key record, whichever half this is. */
  public Hash key() {
    return parse(keyid);
  }

  private static Hash parse(String keyid) {
    return new Hash(
        keyid.endsWith(MLDSA65_SUFFIX)
            ? keyid.substring(0, keyid.length() - MLDSA65_SUFFIX.length())
            : keyid);
  }
}
