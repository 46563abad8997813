package dev.leasehold.testkit.pki;

import dev.leasehold.core.pki.RevocationList;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.ContentSigner;

/** A key on an elliptic curve, the certificate for it, and what is signed with it. */
public record EcAuthority(Curve curve, KeyPair key, X509Certificate certificate) {
  /** A root that vouches for itself. */
  public static EcAuthority root(
      String name, Curve curve, Instant notBefore, Instant notAfter, int pathLength) {
    KeyPair key = curve.newKey();
    CertificateSpec spec =
        CertificateSpec.authority(name, key.getPublic(), notBefore, notAfter, pathLength);
    X500Name self = new X500Name(name);
    return new EcAuthority(
        curve, key, Minting.certificate(self, spec, Minting.signer(curve.signature(), key)));
  }

  /** An authority, or whoever holds a key, certified by this one. */
  public EcAuthority certify(KeyPair subjectKey, CertificateSpec spec) {
    return new EcAuthority(curve, subjectKey, issue(spec));
  }

  public X509Certificate issue(CertificateSpec spec) {
    return issue(spec, curve.signature());
  }

  /** Signed by an algorithm of the caller's choice, as the JCA names it. */
  public X509Certificate issue(CertificateSpec spec, String signatureAlgorithm) {
    return Minting.certificate(name(), spec, Minting.signer(signatureAlgorithm, key));
  }

  /** {@code r ‖ s} over any message. */
  public byte[] sign(byte[] message) {
    return curve.sign(key.getPrivate(), message);
  }

  /** A list that revokes these certificates of this authority. */
  public RevocationList revoke(
      Instant thisUpdate, Instant nextUpdate, List<X509Certificate> revoked) {
    return Minting.revocations(name(), thisUpdate, nextUpdate, revoked, signer());
  }

  ContentSigner signer() {
    return Minting.signer(curve.signature(), key);
  }

  X500Name name() {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }
}
