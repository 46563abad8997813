package dev.leasehold.core.seal;

/** A sealed package that is not what its statement says. Names the check that failed. */
public final class PackageRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** The checks of protocol §5.1. */
  public enum Check {
    /** The key is the one the statement commits to. */
    DEK_COMMIT,
    /** {@code chunkCount} and {@code plainBytes} of the statement fit each other. */
    CHUNK_COUNT,
    /** {@code chunks.bin} and {@code leaves.bin} are as long as the statement says. */
    LENGTH,
    /** A chunk's tag verifies: right key, right package, right place, unchanged. */
    CHUNK_TAG,
    /** A chunk hashes to its line in {@code leaves.bin}. */
    CHUNK_LEAF,
    /** The tree over the chunks is the signed one. */
    CIPHERTEXT_ROOT,
    /** The table of contents is well-formed. */
    INDEX,
    /** Index and files together are as long as {@code plainBytes}. */
    PLAIN_BYTES,
    /** A file's blocks hash to its root. */
    FILE_ROOT,
    /** The tree over the files is the signed one. */
    MODEL_DIGEST,
    /** A file did not change between the two passes of sealing. */
    UNCHANGED
  }

  private final Check check;

  PackageRefused(Check check, String what, Object expected, Object found) {
    super(check + ": " + what + ": expected " + expected + ", found " + found);
    this.check = check;
  }

  public Check check() {
    return check;
  }

  static void require(Check check, String what, Object expected, Object found)
      throws PackageRefused {
    if (!expected.equals(found)) {
      throw new PackageRefused(check, what, expected, found);
    }
  }
}
