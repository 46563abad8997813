package dev.leasehold.testkit.snp;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.RevocationList;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;

/** A certificate authority with AMD's naming: signs certificates and revocation lists. */
record Authority(X500Name name, KeyPair key, SecureRandom random) {
  /** An arc that is kept for examples (ITU-T X.660: 2.999). */
  private static final String UNKNOWN = "2.999.1";

  static X500Name amdName(String commonName) {
    return new X500Name(
        "OU=Engineering,C=US,L=Santa Clara,ST=CA,O=SIMULATED Micro Devices,CN=" + commonName);
  }

  static X500Name subject(X509Certificate c) {
    return X500Name.getInstance(c.getSubjectX500Principal().getEncoded());
  }

  /** A certificate for another authority, or for this one itself. */
  X509Certificate authorise(X500Name subject, PublicKey key, long serial, boolean mayRevoke) {
    X509v3CertificateBuilder b =
        builder(subject, key, BigInteger.valueOf(serial), Validity.AUTHORITY);
    int usage = KeyUsage.keyCertSign | (mayRevoke ? KeyUsage.cRLSign : 0);
    try {
      b.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      BasicConstraints ca = mayRevoke ? new BasicConstraints(true) : new BasicConstraints(0);
      b.addExtension(Extension.basicConstraints, true, ca);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return sign(b, Signing.PSS_SHA384);
  }

  X509v3CertificateBuilder builder(
      X500Name subject, PublicKey subjectKey, BigInteger serial, Validity validity) {
    return new JcaX509v3CertificateBuilder(
        name, serial, validity.notBefore(), validity.notAfter(), subject, subjectKey);
  }

  X509Certificate sign(X509v3CertificateBuilder builder, Signing signing) {
    try {
      byte[] der = builder.build(signer(signing)).getEncoded();
      return Certificates.parse("forged certificate", der);
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  RevocationList revoke(Instant thisUpdate, Instant nextUpdate, List<X509Certificate> revoked) {
    return revoke(thisUpdate, nextUpdate, revoked, Signing.PSS_SHA384, false);
  }

  /**
   * A list that names each revoked certificate with its issuer, so that it reaches below.
   *
   * @param unknown whether it carries a critical extension that nobody knows
   */
  RevocationList revoke(
      Instant thisUpdate,
      Instant nextUpdate,
      List<X509Certificate> revoked,
      Signing signing,
      boolean unknown) {
    X509v2CRLBuilder b = new X509v2CRLBuilder(name, Date.from(thisUpdate));
    b.setNextUpdate(Date.from(nextUpdate));
    try {
      for (X509Certificate c : revoked) {
        ExtensionsGenerator entry = new ExtensionsGenerator();
        X500Name issuer = X500Name.getInstance(c.getIssuerX500Principal().getEncoded());
        entry.addExtension(Extension.reasonCode, false, CRLReason.lookup(CRLReason.keyCompromise));
        entry.addExtension(
            Extension.certificateIssuer, true, new GeneralNames(new GeneralName(issuer)));
        b.addCRLEntry(c.getSerialNumber(), Date.from(thisUpdate), entry.generate());
      }
      if (unknown) {
        b.addExtension(new ASN1ObjectIdentifier(UNKNOWN), true, DERNull.INSTANCE);
      }
      byte[] der = b.build(signer(signing)).getEncoded();
      return RevocationList.parse("forged list", der);
    } catch (IOException | Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  private ContentSigner signer(Signing signing) {
    try {
      return signing.builder().setSecureRandom(random).build(key.getPrivate());
    } catch (OperatorCreationException e) {
      throw new IllegalStateException(e);
    }
  }
}
