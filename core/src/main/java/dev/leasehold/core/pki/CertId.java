package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.Arrays;

/**
 * How OCSP names a certificate (RFC 6960 §4.1.1 CertID): by its serial number and hashes of its
 * issuer's name and key.
 */
public record CertId(
    HashAlgorithm algorithm, HexBytes issuerNameHash, HexBytes issuerKeyHash, BigInteger serial) {

  /** What names are hashed with. SHA-1, which RFC 6960 also knows, is none of them. */
  public enum HashAlgorithm {
    SHA256("SHA-256", "2.16.840.1.101.3.4.2.1"),
    SHA384("SHA-384", "2.16.840.1.101.3.4.2.2"),
    SHA512("SHA-512", "2.16.840.1.101.3.4.2.3");

    private final String jdkName;
    private final String identifier;

    HashAlgorithm(String jdkName, String identifier) {
      this.jdkName = jdkName;
      this.identifier = identifier;
    }

    private static HashAlgorithm of(String identifier) throws Malformed {
      return Arrays.stream(values())
          .filter(a -> a.identifier.equals(identifier))
          .findFirst()
          .orElseThrow(() ->
              new Malformed("CertID.hashAlgorithm", "SHA-256, SHA-384 or SHA-512", identifier));
    }
  }

  /** The name of {@code subject}, which the holder of {@code issuer}'s name and key has issued. */
  public static CertId of(
      HashAlgorithm algorithm, X509Certificate subject, X509Certificate issuer) {
    return new CertId(
        algorithm,
        hash(algorithm.jdkName, issuer.getSubjectX500Principal().getEncoded()),
        hash(algorithm.jdkName, Certificates.keyBits(issuer)),
        subject.getSerialNumber());
  }

  static CertId read(DerReader in) throws Malformed {
    DerReader hash = in.sequence("hashAlgorithm");
    HashAlgorithm algorithm = HashAlgorithm.of(hash.oid("algorithm"));
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
        && equals(of(algorithm, subject, issuer));
  }

  /** In DER; the parameters are NULL, as all who write these requests have them. */
  byte[] encoded() {
    return DerWriter.sequence(
        DerWriter.sequence(
            DerWriter.objectIdentifier(algorithm.identifier), DerWriter.value(DerReader.NULL)),
        DerWriter.octetString(issuerNameHash.bytes()),
        DerWriter.octetString(issuerKeyHash.bytes()),
        DerWriter.value(DerReader.INTEGER, serial.toByteArray()));
  }

  static HexBytes hash(String algorithm, byte[] bytes) {
    try {
      return HexBytes.of(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
