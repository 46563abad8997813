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

/** Certificates as they are specified and revocation lists, by any signer. */
final class Minting {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SERIAL_BITS = 120;

  private Minting() {}

  static X509Certificate certificate(X500Name issuer, CertificateSpec spec, ContentSigner signer) {
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

  /** A list of {@code issuer} that revokes these certificates of its own. */
  static RevocationList revocations(
      X500Name issuer,
      Instant thisUpdate,
      Instant nextUpdate,
      List<X509Certificate> revoked,
      ContentSigner signer) {
    X509v2CRLBuilder b = new X509v2CRLBuilder(issuer, Date.from(thisUpdate));
    b.setNextUpdate(Date.from(nextUpdate));
    revoked.forEach(
        c -> b.addCRLEntry(c.getSerialNumber(), Date.from(thisUpdate), CRLReason.keyCompromise));
    try {
      return RevocationList.parse("forged list", b.build(signer).getEncoded());
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  /** By an algorithm as the JCA names it. */
  static ContentSigner signer(String algorithm, KeyPair key) {
    try {
      return new JcaContentSignerBuilder(algorithm).build(key.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static BasicConstraints constraints(CertificateSpec spec) {
    return spec.pathLength().isPresent()
        ? new BasicConstraints(spec.pathLength().getAsInt())
        : new BasicConstraints(false);
  }
}
