package dev.leasehold.testkit.dcap;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.testkit.pki.CertificateSpec;
import dev.leasehold.testkit.pki.EcAuthority;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Makes the collateral of one platform that is right in everything but the flaw asked for. */
final class CollateralForger {
  private static final Duration LATELY = Duration.ofHours(1);
  private static final Duration MONTH = Duration.ofDays(30);

  private final SimulatedIntel intel;
  private final SimulatedIntel foreign;
  private final DcapFlaw flaw;
  private final boolean tdx;
  private final Instant now;

  CollateralForger(
      SimulatedIntel intel, SimulatedIntel foreign, DcapFlaw flaw, boolean tdx, Instant now) {
    this.intel = intel;
    this.foreign = foreign;
    this.flaw = flaw;
    this.tdx = tdx;
    this.now = now;
  }

  /** As Intel's service answers: statements with their signatures, chains and lists apart. */
  Map<String, Bytes> forge(X509Certificate pck, EcAuthority pckIssuer) {
    Map<String, Bytes> out = new LinkedHashMap<>();
    EcAuthority signer = signer();
    if (flaw != DcapFlaw.TCB_INFO_MISSING) {
      out.put("tcb-info", statement("tcbInfo", tcbInfo(), signer));
    }
    if (flaw != DcapFlaw.QE_IDENTITY_MISSING) {
      out.put("qe-identity", statement("enclaveIdentity", qeIdentity(), signer));
    }
    out.put("issuers", issuers(signer));
    if (flaw == DcapFlaw.ISSUERS_APART) {
      out.put("pck-issuers", text(Pem.of(pckIssuer.certificate(), intel.root().certificate())));
    }
    if (flaw != DcapFlaw.PCK_LIST_MISSING) {
      out.put("pck-list", Bytes.of(pckList(pck, pckIssuer).encoded()));
    }
    if (flaw != DcapFlaw.ROOT_LIST_MISSING) {
      out.put("root-list", text(Hex.encode(rootList(pckIssuer, signer).encoded())));
    }
    return out;
  }

  private Json.Obj tcbInfo() {
    boolean ofTdx = (flaw == DcapFlaw.TCB_INFO_OF_OTHER_TEE) != tdx;
    Instant issued = issued(DcapFlaw.TCB_INFO_EXPIRED, DcapFlaw.TCB_INFO_OF_THE_FUTURE);
    Instant next = issued.plus(MONTH);
    Json.Obj info = IntelWords.tcbInfo(ofTdx, issued, next);
    return switch (flaw) {
      case TCB_INFO_VERSION_2 -> IntelWords.tcbInfoVersion2(issued, next);
      case TCB_INFO_VERSION -> info.with("version", 4);
      case TCB_INFO_15_COMPONENTS -> IntelWords.with15Components(info);
      case TCB_INFO_REPLAYED -> info.with("tcbEvaluationDataNumber", IntelWords.EVALUATION - 1);
      case LEVELS_OLDEST_FIRST -> IntelWords.oldestFirst(info);
      case KEYS_OF_THE_FUTURE -> info.with("tcbOutlook", new Json.Arr(List.of(Json.Null.NULL)));
      case FMSPC -> info.with("fmspc", "00A51C000001");
      case PCE_ID -> info.with("pceId", "0001");
      case PLATFORM_REVOKED -> IntelWords.withStatus(info, "Revoked");
      case PLATFORM_CONFIGURATION -> IntelWords.withStatus(info, "ConfigurationNeeded");
      case ADVISORY -> IntelWords.withAdvisory(info, "SIMULATED-SA-00001");
      default -> info;
    };
  }

  private Json.Obj qeIdentity() {
    boolean ofTdx = (flaw == DcapFlaw.QE_IDENTITY_OF_OTHER_TEE) != tdx;
    Instant issued = issued(DcapFlaw.QE_IDENTITY_EXPIRED, DcapFlaw.QE_IDENTITY_OF_THE_FUTURE);
    Json.Obj identity = IntelWords.qeIdentity(ofTdx, issued, issued.plus(MONTH));
    return flaw == DcapFlaw.QE_IDENTITY_REPLAYED
        ? identity.with("tcbEvaluationDataNumber", IntelWords.EVALUATION - 1)
        : identity;
  }

  private Instant issued(DcapFlaw expired, DcapFlaw future) {
    Instant lately = now.minus(LATELY);
    return flaw == expired ? lately.minus(MONTH) : flaw == future ? now.plus(LATELY) : lately;
  }

  /** {@code {"tcbInfo":{…},"signature":"…"}}. */
  private Bytes statement(String member, Json.Obj statement, EcAuthority signer) {
    String signed = statement.write();
    EcAuthority actual = isSignedByAnotherKey(member) ? foreign.signer() : signer;
    byte[] signature = actual.sign(signed.getBytes(StandardCharsets.UTF_8));
    return text(
        "{\""
            + member
            + "\":"
            + changed(member, signed)
            + ",\"signature\":\""
            + Hex.encode(signature)
            + "\"}");
  }

  private boolean isSignedByAnotherKey(String member) {
    return flaw
        == (member.equals("tcbInfo")
            ? DcapFlaw.TCB_INFO_SIGNED_BY_ANOTHER_KEY
            : DcapFlaw.QE_IDENTITY_SIGNED_BY_ANOTHER_KEY);
  }

  private String changed(String member, String signed) {
    boolean info = member.equals("tcbInfo");
    return switch (flaw) {
      case TCB_INFO_CHANGED -> info ? signed.replace("\"pcesvn\":13", "\"pcesvn\":12") : signed;
      case TCB_INFO_REFORMATTED -> info ? signed.replace(",\"fmspc\"", ", \"fmspc\"") : signed;
      case QE_IDENTITY_CHANGED -> info ? signed : signed.replace("\"isvsvn\":6", "\"isvsvn\":5");
      default -> signed;
    };
  }

  /** Whoever signs the statements: the same key, where the flaw is in its certificate. */
  private EcAuthority signer() {
    EcAuthority root = intel.root();
    CertificateSpec spec = SimulatedIntel.signerSpec(intel.signer().key());
    return switch (flaw) {
      case TCB_SIGNER_OF_FOREIGN_ROOT -> foreign.signer();
      case TCB_SIGNER_NAMED_OTHERWISE ->
          certified(root, spec.withSubject(SimulatedIntel.name("Intel SGX PCK Certificate")));
      case TCB_SIGNER_BELOW_PCK_AUTHORITY -> certified(intel.platformCa(), spec);
      case TCB_SIGNER_IS_AN_AUTHORITY -> certified(root, spec.withPathLength(OptionalInt.of(0)));
      case TCB_SIGNER_FOR_OTHER_USE -> certified(root, spec.withKeyUsage(KeyUsage.keyAgreement));
      case TCB_SIGNER_EXPIRED ->
          certified(root, spec.withValidity(SimulatedIntel.FROM, now.minus(LATELY)));
      default -> intel.signer();
    };
  }

  private EcAuthority certified(EcAuthority issuer, CertificateSpec spec) {
    return issuer.certify(intel.signer().key(), spec);
  }

  private Bytes issuers(EcAuthority signer) {
    X509Certificate root = intel.root().certificate();
    return text(
        switch (flaw) {
          case TCB_SIGNER_MISSING -> Pem.of(root);
          case TCB_SIGNER_OF_FOREIGN_ROOT ->
              Pem.of(signer.certificate(), foreign.root().certificate(), root);
          default -> Pem.of(signer.certificate(), root);
        });
  }

  private RevocationList pckList(X509Certificate pck, EcAuthority issuer) {
    return switch (flaw) {
      case PCK_REVOKED -> list(issuer, lately(), List.of(pck));
      case PCK_LIST_FORGED -> list(foreign.platformCa(), lately(), List.of());
      case PCK_LIST_EXPIRED -> list(issuer, lately().minus(MONTH), List.of());
      case PCK_LIST_OF_THE_FUTURE -> list(issuer, now.plus(LATELY), List.of());
      case PCK_LIST_OF_ANOTHER_ISSUER -> list(intel.processorCa(), lately(), List.of());
      case LISTS_STALE -> list(issuer, now.minus(MONTH).plus(LATELY), List.of());
      default -> list(issuer, lately(), List.of());
    };
  }

  private RevocationList rootList(EcAuthority pckIssuer, EcAuthority signer) {
    EcAuthority root = intel.root();
    return switch (flaw) {
      case PCK_ISSUER_REVOKED -> list(root, lately(), List.of(pckIssuer.certificate()));
      case TCB_SIGNER_REVOKED -> list(root, lately(), List.of(signer.certificate()));
      case ROOT_LIST_FORGED -> list(foreign.root(), lately(), List.of());
      case ROOT_LIST_EXPIRED -> list(root, lately().minus(MONTH), List.of());
      default -> list(root, lately(), List.of());
    };
  }

  private static RevocationList list(
      EcAuthority issuer, Instant from, List<X509Certificate> revoked) {
    return issuer.revoke(from, from.plus(MONTH), revoked);
  }

  private Instant lately() {
    return now.minus(LATELY);
  }

  private static Bytes text(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
