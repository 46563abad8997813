package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * Reference values for a driver or a VBIOS as NVIDIA serves them: a reference integrity manifest in
 * XML. What it says is to be had only with the key that has signed it; until then there is what it
 * claims to be about.
 */
public final class NvidiaRim {
  private final Bytes encoded;
  private final ReferenceValues claimed;
  private final List<X509Certificate> certificates;

  private NvidiaRim(Bytes encoded, ReferenceValues.Signed read) {
    this.encoded = encoded;
    this.claimed = read.values();
    this.certificates = read.signature().certificates();
  }

  public static NvidiaRim parse(String field, byte[] xml) throws Malformed {
    return new NvidiaRim(Bytes.of(xml), ReferenceValues.read(field, xml));
  }

  /** The bytes it was read from. */
  public byte[] encoded() {
    return encoded.toArray();
  }

  public Hash sha256() {
    return Digests.sha256(encoded.toArray());
  }

  /** The version it claims to be for. */
  public String version() {
    return claimed.version();
  }

  /** The certificates it carries, its signer's first. */
  public List<X509Certificate> certificates() {
    return certificates;
  }

  /**
   * What it says, when the holder of {@code key} has signed it. Read anew with the signature: both
   * come out of one document, and a document is not safe to share between threads.
   */
  Optional<ReferenceValues> signedBy(PublicKey key) {
    try {
      ReferenceValues.Signed read = ReferenceValues.read("RIM", encoded.toArray());
      return read.signature().verifies(key) ? Optional.of(read.values()) : Optional.empty();
    } catch (Malformed e) {
      throw new IllegalStateException("what was parsed once cannot be parsed again", e);
    }
  }
}
