package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Malformed;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A hash algorithm of a TPM (TPM 2.0 Part 2, TPM_ALG_ID); also names a bank of registers. */
public enum TpmHash {
  SHA1(0x0004, "SHA-1", 20),
  SHA256(0x000b, "SHA-256", 32),
  SHA384(0x000c, "SHA-384", 48),
  SHA512(0x000d, "SHA-512", 64);

  private final int id;
  private final String algorithm;
  private final int bytes;

  TpmHash(int id, String algorithm, int bytes) {
    this.id = id;
    this.algorithm = algorithm;
    this.bytes = bytes;
  }

  /** The TPM_ALG_ID. */
  public int id() {
    return id;
  }

  /** The JDK's name: {@code SHA-256}. */
  public String algorithm() {
    return algorithm;
  }

  /** As banks are named: {@code sha256}. */
  public String word() {
    return algorithm.replace("-", "").toLowerCase(Locale.ROOT);
  }

  /** Length of a digest. */
  public int bytes() {
    return bytes;
  }

  /** Collisions can be made, so nothing may rest on it. */
  public boolean weak() {
    return this == SHA1;
  }

  public byte[] digest(byte[]... parts) {
    MessageDigest d = Digests.newDigest(algorithm);
    for (byte[] part : parts) {
      d.update(part);
    }
    return d.digest();
  }

  public static Optional<TpmHash> ofId(int id) {
    return Arrays.stream(values()).filter(h -> h.id == id).findFirst();
  }

  static TpmHash require(String field, int id) throws Malformed {
    return ofId(id)
        .orElseThrow(() ->
            new Malformed(
                field,
                "SHA-1, SHA-256, SHA-384 or SHA-512",
                "TPM_ALG_ID 0x" + Integer.toHexString(id)));
  }

  static Optional<TpmHash> ofWord(String word) {
    return Arrays.stream(values()).filter(h -> h.word().equals(word)).findFirst();
  }
}
