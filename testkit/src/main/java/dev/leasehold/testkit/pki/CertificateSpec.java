package dev.leasehold.testkit.pki;

import dev.leasehold.core.bytes.Bytes;
import java.security.PublicKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What a certificate is to say.
 *
 * @param pathLength of an authority, how many more may follow below it; absent for an end entity
 * @param keyUsage bits of {@link KeyUsage}
 * @param extensions further ones, none critical: identifier to value in DER
 */
public record CertificateSpec(
    String subject,
    PublicKey key,
    Instant notBefore,
    Instant notAfter,
    OptionalInt pathLength,
    int keyUsage,
    List<KeyPurposeId> purposes,
    Map<String, Bytes> extensions) {
  public CertificateSpec {
    purposes = List.copyOf(purposes);
    extensions = Map.copyOf(extensions);
  }

  public static CertificateSpec authority(
      String subject, PublicKey key, Instant notBefore, Instant notAfter, int pathLength) {
    return new CertificateSpec(
        subject,
        key,
        notBefore,
        notAfter,
        OptionalInt.of(pathLength),
        KeyUsage.keyCertSign | KeyUsage.cRLSign,
        List.of(),
        Map.of());
  }

  public static CertificateSpec endEntity(
      String subject, PublicKey key, Instant notBefore, Instant notAfter) {
    return new CertificateSpec(
        subject,
        key,
        notBefore,
        notAfter,
        OptionalInt.empty(),
        KeyUsage.digitalSignature,
        List.of(),
        Map.of());
  }

  public CertificateSpec withValidity(Instant from, Instant to) {
    return new CertificateSpec(subject, key, from, to, pathLength, keyUsage, purposes, extensions);
  }

  public CertificateSpec withKeyUsage(int bits) {
    return new CertificateSpec(
        subject, key, notBefore, notAfter, pathLength, bits, purposes, extensions);
  }

  public CertificateSpec withPathLength(OptionalInt other) {
    return new CertificateSpec(
        subject, key, notBefore, notAfter, other, keyUsage, purposes, extensions);
  }

  public CertificateSpec withSubject(String other) {
    return new CertificateSpec(
        other, key, notBefore, notAfter, pathLength, keyUsage, purposes, extensions);
  }

  public CertificateSpec withExtension(String identifier, byte[] der) {
    Map<String, Bytes> more = new HashMap<>(extensions);
    more.put(identifier, Bytes.of(der));
    return new CertificateSpec(
        subject, key, notBefore, notAfter, pathLength, keyUsage, purposes, more);
  }

  public CertificateSpec withPurposes(KeyPurposeId... other) {
    return new CertificateSpec(
        subject, key, notBefore, notAfter, pathLength, keyUsage, List.of(other), extensions);
  }
}
