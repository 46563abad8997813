package dev.leasehold.testkit.pki;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.RevocationList;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A key on an elliptic curve, the certificate for it, and what is signed with it. */
public record EcAuthority(Curve curve, KeyPair key, X509Certificate certificate) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SERIAL_BITS = 120;

  /** A root that vouches for itself. */
  public static EcAuthority root(
      String name, Curve curve, Instant notBefore, Instant notAfter, int pathLength) {
    KeyPair key = curve.newKey();
    CertificateSpec spec =
        CertificateSpec.authority(name, key.getPublic(), notBefore, notAfter, pathLength);
    X500Name self = new X500Name(name);
    return new EcAuthority(curve, key, build(self, spec, signer(curve.signature(), key)));
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
    return build(name(), spec, signer(signatureAlgorithm, key));
  }

  /** {@code r ‖ s} over any message. */
  public byte[] sign(byte[] message) {
    return curve.sign(key.getPrivate(), message);
  }

  /** A list that revokes these certificates of this authority. */
  public RevocationList revoke(
      Instant thisUpdate, Instant nextUpdate, List<X509Certificate> revoked) {
    X509v2CRLBuilder b = new X509v2CRLBuilder(name(), Date.from(thisUpdate));
    b.setNextUpdate(Date.from(nextUpdate));
    revoked.forEach(
        c -> b.addCRLEntry(c.getSerialNumber(), Date.from(thisUpdate), CRLReason.keyCompromise));
    try {
      return RevocationList.parse("forged list", b.build(signer()).getEncoded());
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  ContentSigner signer() {
    return signer(curve.signature(), key);
  }

  X500Name name() {
    return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
  }

  private static X509Certificate build(
      X500Name issuer, CertificateSpec spec, ContentSigner signer) {
    X509v3CertificateBuilder b =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(SERIAL_BITS, RANDOM).setBit(0),
            Date.from(spec.notBefore()),
            Date.from(spec.notAfter()),
            new X500Name(spec.subject()),
            spec.key());
    try {
      b.addExtension(Extension.basicConstraints, true, constraints(spec));
      b.addExtension(Extension.keyUsage, true, new KeyUsage(spec.keyUsage()));
      if (!spec.purposes().isEmpty()) {
        KeyPurposeId[] purposes = spec.purposes().toArray(KeyPurposeId[]::new);
        b.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purposes));
      }
      for (Map.Entry<String, Bytes> e : spec.extensions().entrySet()) {
        b.addExtension(new ASN1ObjectIdentifier(e.getKey()), false, e.getValue().toArray());
      }
      return Certificates.parse("forged certificate", b.build(signer).getEncoded());
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  private static BasicConstraints constraints(CertificateSpec spec) {
    return spec.pathLength().isPresent()
        ? new BasicConstraints(spec.pathLength().getAsInt())
        : new BasicConstraints(false);
  }

  private static ContentSigner signer(String algorithm, KeyPair key) {
    try {
      return new JcaContentSignerBuilder(algorithm).build(key.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
