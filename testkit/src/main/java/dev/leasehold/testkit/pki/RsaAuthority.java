package dev.leasehold.testkit.pki;

import dev.leasehold.core.pki.RevocationList;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;

/** An RSA key, the certificate for it, and what is signed with it by PKCS #1 and SHA-256. */
public record RsaAuthority(KeyPair key, X509Certificate certificate) {
  private static final String SIGNATURE = "SHA256withRSA";
  private static final int BITS = 2048;

  /** A root that vouches for itself. */
  public static RsaAuthority root(String name, Instant notBefore, Instant notAfter) {
    KeyPair key = newKey();
    CertificateSpec spec = CertificateSpec.authority(name, key.getPublic(), notBefore, notAfter, 1);
    return new RsaAuthority(
        key, Minting.certificate(new X500Name(name), spec, Minting.signer(SIGNATURE, key)));
  }

  /** Shorter than vendors' keys, for speed. */
  public static KeyPair newKey() {
    try {
      KeyPairGenerator g = KeyPairGenerator.getInstance("RSA");
      g.initialize(BITS);
      return g.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An authority, or whoever holds a key, certified by this one. */
  public RsaAuthority certify(KeyPair subjectKey, CertificateSpec spec) {
    return new RsaAuthority(subjectKey, issue(spec));
  }

  public X509Certificate issue(CertificateSpec spec) {
    return issue(spec, SIGNATURE);
  }

  /** Signed by an algorithm of the caller's choice, as the JCA names it. */
  public X509Certificate issue(CertificateSpec spec, String signatureAlgorithm) {
    return Minting.certificate(name(), spec, Minting.signer(signatureAlgorithm, key));
  }

  /** A list that revokes these certificates of this authority. */
  public RevocationList revoke(
      Instant thisUpdate, Instant nextUpdate, List<X509Certificate> revoked) {
    return Minting.revocations(
        name(), thisUpdate, nextUpdate, revoked, Minting.signer(SIGNATURE, key));
  }

  private X500Name name() {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }
}
