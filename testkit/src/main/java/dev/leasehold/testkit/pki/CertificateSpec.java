package dev.leasehold.testkit.pki;

import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What a certificate is to say.
 *
 * @param pathLength of an authority, how many more may follow below it; absent for an end entity
 * @param keyUsage bits of {@link KeyUsage}
 */
public record CertificateSpec(
    String subject,
    PublicKey key,
    Instant notBefore,
    Instant notAfter,
    OptionalInt pathLength,
    int keyUsage,
    List<KeyPurposeId> purposes) {
  public CertificateSpec {
    purposes = List.copyOf(purposes);
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
        List.of());
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
        List.of());
  }

  public CertificateSpec withValidity(Instant from, Instant to) {
    return new CertificateSpec(subject, key, from, to, pathLength, keyUsage, purposes);
  }

  public CertificateSpec withKeyUsage(int bits) {
    return new CertificateSpec(subject, key, notBefore, notAfter, pathLength, bits, purposes);
  }

  public CertificateSpec withPathLength(OptionalInt other) {
    return new CertificateSpec(subject, key, notBefore, notAfter, other, keyUsage, purposes);
  }

  public CertificateSpec withPurposes(KeyPurposeId... other) {
    return new CertificateSpec(
        subject, key, notBefore, notAfter, pathLength, keyUsage, List.of(other));
  }
}
