package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.RevocationList;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Reads Intel's collateral in JSON: an answer of Intel's provisioning certification service as it
 * comes, {@code {"tcbInfo":{…},"signature":"…"}} or {@code {"enclaveIdentity":{…},…}}; or
 * everything for one platform in one object of strings, in which {@code tcb_info} and {@code
 * qe_identity} hold the signed text. The object around is not signed, so a key in it that is not
 * known is refused: a misspelt one would silently drop a revocation list.
 */
public final class DcapCollateralFile {
  private static final String TCB_INFO = "tcbInfo";
  private static final String ENCLAVE_IDENTITY = "enclaveIdentity";
  private static final String SIGNATURE = "signature";
  private static final Set<String> BUNDLE =
      Set.of(
          "tcb_info",
          "tcb_info_signature",
          "tcb_info_issuer_chain",
          "qe_identity",
          "qe_identity_signature",
          "qe_identity_issuer_chain",
          "pck_crl",
          "pck_crl_issuer_chain",
          "root_ca_crl",
          "pck_certificate_chain");

  private final String name;
  private final byte[] bytes;
  private final Json.Obj object;

  private DcapCollateralFile(String name, byte[] bytes, Json.Obj object) {
    this.name = name;
    this.bytes = bytes;
    this.object = object;
  }

  /**
   * What the file holds.
   *
   * @param name names it in errors
   * @param object what {@code bytes} are
   */
  public static Collateral read(String name, byte[] bytes, Json.Obj object) throws Malformed {
    return new DcapCollateralFile(name, bytes, object).read();
  }

  private Collateral read() throws Malformed {
    Set<String> keys = object.members().keySet();
    if (keys.equals(Set.of(TCB_INFO, SIGNATURE))) {
      byte[] signed = ApiJson.objectBytes(name, bytes, bytes.length, TCB_INFO);
      return Collateral.ofTcbInfos(
          List.of(TcbInfo.parse(at(TCB_INFO), signed, hex(SIGNATURE), List.of())));
    }
    if (keys.equals(Set.of(ENCLAVE_IDENTITY, SIGNATURE))) {
      byte[] signed = ApiJson.objectBytes(name, bytes, bytes.length, ENCLAVE_IDENTITY);
      return Collateral.ofQeIdentities(
          List.of(QeIdentity.parse(at(ENCLAVE_IDENTITY), signed, hex(SIGNATURE), List.of())));
    }
    if (!keys.isEmpty() && BUNDLE.containsAll(keys)) {
      return tcbInfo().and(qeIdentity()).and(certificates()).and(revocations());
    }
    throw new Malformed(
        name,
        "the keys tcbInfo and signature, enclaveIdentity and signature, or some of " + BUNDLE,
        keys.toString());
  }

  private Collateral tcbInfo() throws Malformed {
    String key = "tcb_info";
    return isNamed(key)
        ? Collateral.ofTcbInfos(
            List.of(
                TcbInfo.parse(
                    at(key), utf8(key), hex(key + "_signature"), chain(key + "_issuer_chain"))))
        : Collateral.NONE;
  }

  private Collateral qeIdentity() throws Malformed {
    String key = "qe_identity";
    return isNamed(key)
        ? Collateral.ofQeIdentities(
            List.of(
                QeIdentity.parse(
                    at(key), utf8(key), hex(key + "_signature"), chain(key + "_issuer_chain"))))
        : Collateral.NONE;
  }

  private Collateral certificates() throws Malformed {
    return Collateral.ofCertificates(chain("pck_crl_issuer_chain"))
        .and(Collateral.ofCertificates(chain("pck_certificate_chain")));
  }

  private Collateral revocations() throws Malformed {
    return revocation("pck_crl").and(revocation("root_ca_crl"));
  }

  private Collateral revocation(String key) throws Malformed {
    return has(key)
        ? Collateral.ofRevocations(List.of(RevocationList.parse(at(key), hex(key))))
        : Collateral.NONE;
  }

  private List<X509Certificate> chain(String key) throws Malformed {
    if (!has(key)) {
      return List.of();
    }
    List<X509Certificate> chain = Certificates.parsePem(at(key), text(key));
    if (chain.isEmpty()) {
      throw new Malformed(at(key), "certificates in PEM", text(key));
    }
    return chain;
  }

  private byte[] hex(String key) throws Malformed {
    return Hex.decode(at(key), text(key).toLowerCase(Locale.ROOT));
  }

  private byte[] utf8(String key) throws Malformed {
    return text(key).getBytes(StandardCharsets.UTF_8);
  }

  private String text(String key) throws Malformed {
    Optional<Json> value = object.get(key);
    if (value.isPresent() && value.get() instanceof Json.Str(String s)) {
      return s;
    }
    throw new Malformed(at(key), "a string", value.map(Json::write).orElse("none"));
  }

  /** A signature or chain without its statement is a statement that got lost. */
  private boolean isNamed(String statement) {
    return object.members().keySet().stream().anyMatch(k -> k.startsWith(statement));
  }

  private boolean has(String key) {
    return object.get(key).isPresent();
  }

  private String at(String key) {
    return name + "." + key;
  }
}
