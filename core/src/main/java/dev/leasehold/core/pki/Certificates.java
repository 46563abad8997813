package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchProviderException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads X.509 certificates strictly: one certificate, its exact bytes, nothing after it. */
public final class Certificates {
  private Certificates() {}

  public static X509Certificate parse(String field, byte[] der) throws Malformed {
    X509Certificate certificate;
    try {
      certificate = (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new Malformed(field, "an X.509 certificate in DER", String.valueOf(e.getMessage()));
    }
    requireExact(field, der, encoded(certificate), certificate.getSignature());
    readKeyBits(field, certificate);
    return certificate;
  }

  public static List<X509Certificate> parseAll(String field, List<byte[]> ders) throws Malformed {
    List<X509Certificate> out = new ArrayList<>();
    for (byte[] der : ders) {
      out.add(parse(field + "[" + out.size() + "]", der));
    }
    return List.copyOf(out);
  }

  /** Every certificate of a PEM text, in order; text outside the armour is ignored. */
  public static List<X509Certificate> parsePem(String field, String pem) throws Malformed {
    return parseAll(field, Pem.CERTIFICATE.decodeAll(field, pem));
  }

  /** A PEM text or one DER certificate, whichever the bytes are. */
  public static List<X509Certificate> parseAny(String field, byte[] bytes) throws Malformed {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    return Pem.CERTIFICATE.isIn(text) ? parsePem(field, text) : List.of(parse(field, bytes));
  }

  public static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a parsed certificate has no encoding", e);
    }
  }

  public static Hash fingerprint(X509Certificate certificate) {
    return Digests.sha256(encoded(certificate));
  }

  /** The bits of the subject's public key, as RFC 6960 hashes them into key ids. */
  static byte[] keyBits(X509Certificate certificate) {
    try {
      return readKeyBits("certificate", certificate);
    } catch (Malformed e) {
      throw new IllegalStateException("a parsed certificate has no key", e);
    }
  }

  private static byte[] readKeyBits(String field, X509Certificate certificate) throws Malformed {
    DerReader info =
        new DerReader(field, certificate.getPublicKey().getEncoded())
            .sequence("SubjectPublicKeyInfo");
    info.any("algorithm");
    return info.bitString("subjectPublicKey");
  }

  /**
   * The factory tolerates bytes after the structure and unused bits in the signature's bit string;
   * neither is covered by the signature, so neither may exist.
   */
  static void requireExact(String field, byte[] given, byte[] encoded, byte[] signature)
      throws Malformed {
    if (given.length != encoded.length) {
      throw new Malformed(field, "exactly " + encoded.length + " bytes", given.length + " bytes");
    }
    int unusedBits = given.length - signature.length - 1;
    if (unusedBits < 0 || given[unusedBits] != 0) {
      throw new Malformed(field, "a signature of whole bytes", "unused bits in it");
    }
  }

  /** The subject as RFC 2253 writes it. */
  public static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  /** The subject's common name; empty when it has none or several. */
  public static Optional<String> commonName(X509Certificate certificate) {
    try {
      return DistinguishedName.commonName(certificate.getSubjectX500Principal().getEncoded());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  static CertificateFactory factory() {
    try {
      // Named, so that the parser does not change with whatever provider a program puts first.
      return CertificateFactory.getInstance("X.509", "SUN");
    } catch (CertificateException | NoSuchProviderException e) {
      throw new IllegalStateException(e);
    }
  }
}
