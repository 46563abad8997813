package dev.leasehold.core.evidence;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.DerReader;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.RevocationList;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads one file of collateral as a vendor serves it. What it is shows in its first bytes, never in
 * its name.
 */
public final class CollateralFile {
  private CollateralFile() {}

  /** What the file holds; {@code name} names it in errors. */
  public static Collateral read(String name, byte[] bytes) throws Malformed {
    if (bytes.length > 0 && bytes[0] == DerReader.SEQUENCE) {
      return der(name, bytes);
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.contains("-----BEGIN CERTIFICATE-----")) {
      return Collateral.ofCertificates(Certificates.parsePem(name, text));
    }
    throw new Malformed(
        name,
        "certificates in PEM or DER, a revocation list in DER or an OCSP answer in DER",
        "none of them");
  }

  /**
   * An OCSP answer begins with its status. What is signed in a version 3 certificate begins with
   * its tagged version, in a revocation list it does not.
   */
  private static Collateral der(String name, byte[] bytes) throws Malformed {
    DerReader outer = new DerReader(name, bytes).sequence("signed");
    if (outer.at(DerReader.ENUMERATED)) {
      return Collateral.ofOcspAnswers(List.of(OcspAnswer.parse(name, bytes)));
    }
    DerReader tbs = outer.sequence("content");
    return tbs.at(DerReader.context(0))
        ? Collateral.ofCertificates(List.of(Certificates.parse(name, bytes)))
        : Collateral.ofRevocations(List.of(RevocationList.parse(name, bytes)));
  }
}
