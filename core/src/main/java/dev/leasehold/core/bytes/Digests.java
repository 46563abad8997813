package dev.leasehold.core.bytes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hashes of the protocol: plain SHA-2 and {@code D(label, parts…)} of protocol §4.3. */
public final class Digests {
  /** SHA-256 of the empty string: the root of an empty tree. */
  public static final Hash EMPTY_SHA256 = sha256();

  private Digests() {}

  public static Hash sha256(byte[]... parts) {
    return Hash.of(digest("SHA-256", parts));
  }

  /** {@code D(label, parts…) = SHA-256(label ‖ 00 ‖ parts…)}. */
  public static Hash domain(String label, byte[]... parts) {
    return Hash.of(labelled("SHA-256", label, parts));
  }

  /** {@code D} with SHA-384, for the measurement of the simulated platform (protocol §17). */
  public static byte[] domain384(String label, byte[]... parts) {
    return labelled("SHA-384", label, parts);
  }

  /**
   * The 64 bytes of hardware report data that bind a report to an evidence statement (protocol
   * §4.3): SHA-512 under its own label over the raw hash.
   */
  public static byte[] reportData(Hash evidence) {
    return labelled("SHA-512", "leasehold/1/report-data", evidence.bytes());
  }

  /** A fresh JDK digest for streaming; every algorithm named here is required of all JDKs. */
  public static MessageDigest newDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] labelled(String algorithm, String label, byte[]... parts) {
    MessageDigest d = newDigest(algorithm);
    d.update(label.getBytes(StandardCharsets.US_ASCII));
    d.update((byte) 0);
    for (byte[] part : parts) {
      d.update(part);
    }
    return d.digest();
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    MessageDigest d = newDigest(algorithm);
    for (byte[] part : parts) {
      d.update(part);
    }
    return d.digest();
  }
}
