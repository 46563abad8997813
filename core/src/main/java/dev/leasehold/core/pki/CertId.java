package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;

/**
 * How an OCSP answer names a certificate (RFC 6960 §4.1.1 CertID): by its serial number and hashes
 * of its issuer's name and key.
 *
 * @param algorithm as the JDK names it
 */
public record CertId(
    String algorithm, HexBytes issuerNameHash, HexBytes issuerKeyHash, BigInteger serial) {

  static CertId read(DerReader in) throws Malformed {
    DerReader hash = in.sequence("hashAlgorithm");
    String algorithm = algorithm(hash.oid("algorithm"));
    if (hash.at(DerReader.NULL)) {
      hash.nothing("parameters", DerReader.NULL);
    }
    hash.end();
    CertId id =
        new CertId(
            algorithm,
            HexBytes.of(in.octetString("issuerNameHash")),
            HexBytes.of(in.octetString("issuerKeyHash")),
            in.integer("serialNumber"));
    in.end();
    return id;
  }

  /** True when this is {@code subject} as issued by the holder of {@code issuer}'s name and key. */
  public boolean names(X509Certificate subject, X509Certificate issuer) {
    return serial.equals(subject.getSerialNumber())
        && subject.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
        && issuerNameHash.equals(hash(algorithm, issuer.getSubjectX500Principal().getEncoded()))
        && issuerKeyHash.equals(hash(algorithm, Certificates.keyBits(issuer)));
  }

  static HexBytes hash(String algorithm, byte[] bytes) {
    try {
      return HexBytes.of(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String algorithm(String oid) throws Malformed {
    return switch (oid) {
      case "2.16.840.1.101.3.4.2.1" -> "SHA-256";
      case "2.16.840.1.101.3.4.2.2" -> "SHA-384";
      case "2.16.840.1.101.3.4.2.3" -> "SHA-512";
      default -> throw new Malformed("CertID.hashAlgorithm", "SHA-256, SHA-384 or SHA-512", oid);
    };
  }
}
