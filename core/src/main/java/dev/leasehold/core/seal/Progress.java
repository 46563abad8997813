package dev.leasehold.core.seal;

/** Hears how far long work has come. */
@FunctionalInterface
public interface Progress {
  Progress NONE = (stage, done, total) -> {};

  /** What is being done. */
  enum Stage {
    /** Hashing the files before sealing. */
    INDEX,
    /** Encrypting. */
    SEAL,
    /** Decrypting and checking. */
    OPEN,
    /** Checking ciphertext against its hashes. */
    INSPECT
  }

  /** {@code done} of {@code total} bytes; the last call of a stage has both equal. */
  void at(Stage stage, long done, long total);
}
