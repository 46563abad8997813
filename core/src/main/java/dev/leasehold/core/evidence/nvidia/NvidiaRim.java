package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Fault;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reference values for a driver or a VBIOS as NVIDIA serves them: a reference integrity manifest in
 * XML. What it says is to be had only with the key that has signed it; until then there is what it
 * claims to be about.
 */
public final class NvidiaRim {
  private final Bytes encoded;
  private final ReferenceValues claimed;
  private final List<X509Certificate> certificates;

  /** By the key that was asked about, of which there is one: found once, for it costs a parse. */
  private final Map<PublicKey, Optional<ReferenceValues>> signed = new ConcurrentHashMap<>();

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

  /** Whether it claims to be what NVIDIA serves under this name: for a driver or a VBIOS. */
  public boolean isNamed(String id) {
    return RimKind.of(this).isVersionOf(id, version());
  }

  /**
   * What keeps this from being NVIDIA's word at {@code now}. Whether its signer was revoked is
   * another question.
   */
  public Optional<Fault> fault(Anchors anchors, Instant now) {
    Steps steps = new Steps();
    return new RimVerification(RimKind.of(this), anchors, List.of(), now)
            .verify(this, steps)
            .isPresent()
        ? Optional.empty()
        : Optional.of(fault(steps.refused().refusal()));
  }

  private static Fault fault(Refusal r) {
    return new Fault(r.expected(), r.got(), r.remedy());
  }

  /** What it says, when the holder of {@code key}, which is proven, has signed it. */
  Optional<ReferenceValues> signedBy(PublicKey key) {
    return signed.computeIfAbsent(key, this::read);
  }

  /**
   * Anew with the signature: both come out of one document, and a document is not safe to share
   * between threads.
   */
  private Optional<ReferenceValues> read(PublicKey key) {
    try {
      ReferenceValues.Signed read = ReferenceValues.read("RIM", encoded.toArray());
      return read.signature().verifies(key) ? Optional.of(read.values()) : Optional.empty();
    } catch (Malformed e) {
      throw new IllegalStateException("what was parsed once cannot be parsed again", e);
    }
  }
}
