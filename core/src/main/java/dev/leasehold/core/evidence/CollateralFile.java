package dev.leasehold.core.evidence;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.dcap.DcapCollateralFile;
import dev.leasehold.core.evidence.nvidia.NvidiaRim;
import dev.leasehold.core.evidence.nvidia.RimAnswer;
import dev.leasehold.core.evidence.tpm.EventLog;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.DerReader;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.Pem;
import dev.leasehold.core.pki.PublicKeys;
import dev.leasehold.core.pki.RevocationList;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Reads one file of collateral as a vendor serves it. What it is shows in its first bytes, never in
 * its name.
 */
public final class CollateralFile {
  private static final String SEQUENCE_IN_HEX = "30";

  /** Twenty times the largest seen: room for revocation lists of thousands of entries. */
  private static final int MAX_JSON_BYTES = 512 * 1024;

  private CollateralFile() {}

  /** What the file holds; {@code name} names it in errors. */
  public static Collateral read(String name, byte[] bytes) throws Malformed {
    if (bytes.length > 0 && bytes[0] == DerReader.SEQUENCE) {
      return der(name, bytes);
    }
    if (EventLog.looksLike(bytes)) {
      return Collateral.ofEventLogs(List.of(EventLog.parsePadded(bytes)));
    }
    String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    if (text.startsWith("{")) {
      return json(name, bytes);
    }
    if (text.startsWith("<")) {
      return Collateral.ofRims(List.of(NvidiaRim.parse(name, bytes)));
    }
    if (Pem.CERTIFICATE.isIn(text) || Pem.REVOCATION_LIST.isIn(text)) {
      return Collateral.ofCertificates(Certificates.parsePem(name, text))
          .and(Collateral.ofRevocations(RevocationList.parsePem(name, text)));
    }
    if (text.startsWith(SEQUENCE_IN_HEX)) {
      // Intel's caching service serves the root's revocation list so.
      return der(name, Hex.decode(name, text.toLowerCase(Locale.ROOT)));
    }
    if (Pem.PUBLIC_KEY.isIn(text)) {
      return Collateral.ofAttestationKeys(PublicKeys.parsePem(name, text));
    }
    throw new Malformed(
        name,
        "certificates or revocation lists in PEM or DER, OCSP answers in DER, public keys in PEM,"
            + " event logs, Intel's collateral in JSON, or NVIDIA's reference values in XML or JSON",
        "none of them");
  }

  private static Collateral json(String name, byte[] bytes) throws Malformed {
    Json.Obj object = ApiJson.parse(name, bytes, MAX_JSON_BYTES);
    return RimAnswer.looksLike(object)
        ? Collateral.ofRims(List.of(RimAnswer.of(name, object).rim()))
        : DcapCollateralFile.read(name, bytes, object);
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
