package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * The two hashes of an RFC 6962 tree. A leaf and an inner node are prefixed differently, so neither
 * can be passed off as the other.
 */
public final class Merkle {
  private static final byte[] LEAF = {0};
  private static final byte[] NODE = {1};

  private Merkle() {}

  /** {@code SHA-256(00 ‖ data)}. */
  public static Hash leaf(byte[] data) {
    return Digests.sha256(LEAF, data);
  }

  /**
   * {@code SHA-256(00 ‖ data)} with a digest of the caller's choice, which is left reset: large
   * leaves outside the heap want a provider that reads them in place.
   */
  public static Hash leaf(MessageDigest sha256, ByteBuffer data) {
    sha256.update(LEAF);
    sha256.update(data);
    return Hash.of(sha256.digest());
  }

  /** {@code SHA-256(01 ‖ left ‖ right)}. */
  public static Hash node(Hash left, Hash right) {
    return Digests.sha256(NODE, left.bytes(), right.bytes());
  }
}
