package dev.leasehold.testkit.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Statements as Intel words them, about the platforms that {@link PckSpec} describes. */
final class IntelWords {
  static final int EVALUATION = 18;
  static final HexBytes QE_SIGNER = new HexBytes("8c".repeat(32));
  static final HexBytes TD_QE_SIGNER = new HexBytes("dc".repeat(32));
  static final HexBytes MODULE_SIGNER = new HexBytes("00".repeat(48));

  private static final String TCB_DATE = "2026-01-01T00:00:00Z";

  private IntelWords() {}

  /** Version 3: a level for platforms at 5, and an older one for those at 4. */
  static Json.Obj tcbInfo(boolean tdx, Instant issued, Instant next) {
    Json.Obj out =
        Json.Obj.EMPTY
            .with("id", tdx ? "TDX" : "SGX")
            .with("version", 3)
            .with("issueDate", issued.toString())
            .with("nextUpdate", next.toString());
    out = platform(out);
    if (tdx) {
      out =
          out.with("tdxModule", module(Json.Obj.EMPTY))
              .with(
                  "tdxModuleIdentities",
                  list(
                      module(Json.Obj.EMPTY.with("id", "TDX_01"))
                          .with("tcbLevels", list(isv(6, "UpToDate"), isv(4, "OutOfDate")))));
    }
    return out.with("tcbLevels", list(level(tdx, 5, "UpToDate"), level(tdx, 4, "OutOfDate")));
  }

  /** Version 2, which was for SGX alone. */
  static Json.Obj tcbInfoVersion2(Instant issued, Instant next) {
    Json.Obj out =
        Json.Obj.EMPTY
            .with("version", 2)
            .with("issueDate", issued.toString())
            .with("nextUpdate", next.toString());
    Json.Obj tcb = Json.Obj.EMPTY;
    for (int i = 1; i <= 16; i++) {
      tcb = tcb.with(String.format(Locale.ROOT, "sgxtcbcomp%02dsvn", i), 5);
    }
    return platform(out).with("tcbLevels", list(rated(tcb.with("pcesvn", 13), "UpToDate")));
  }

  static Json.Obj qeIdentity(boolean tdx, Instant issued, Instant next) {
    return Json.Obj.EMPTY
        .with("id", tdx ? "TD_QE" : "QE")
        .with("version", 2)
        .with("issueDate", issued.toString())
        .with("nextUpdate", next.toString())
        .with("tcbEvaluationDataNumber", EVALUATION)
        .with("miscselect", "00000000")
        .with("miscselectMask", "FFFFFFFF")
        .with("attributes", "11000000000000000000000000000000")
        .with("attributesMask", "FBFFFFFFFFFFFFFF0000000000000000")
        .with("mrsigner", (tdx ? TD_QE_SIGNER : QE_SIGNER).hex().toUpperCase(Locale.ROOT))
        .with("isvprodid", tdx ? 2 : 1)
        .with("tcbLevels", list(isv(6, "UpToDate"), isv(4, "OutOfDate"), isv(2, "Revoked")));
  }

  /** The same with the status of its newest level replaced. */
  static Json.Obj withStatus(Json.Obj info, String status) {
    List<Json> levels = levels(info);
    levels.set(0, ((Json.Obj) levels.getFirst()).with("tcbStatus", status));
    return info.with("tcbLevels", new Json.Arr(levels));
  }

  /** The same with an advisory against its newest level. */
  static Json.Obj withAdvisory(Json.Obj info, String advisory) {
    List<Json> levels = levels(info);
    levels.set(0, ((Json.Obj) levels.getFirst()).with("advisoryIDs", list(new Json.Str(advisory))));
    return info.with("tcbLevels", new Json.Arr(levels));
  }

  /** The same with its levels in the other order. */
  static Json.Obj oldestFirst(Json.Obj info) {
    return info.with("tcbLevels", new Json.Arr(levels(info).reversed()));
  }

  /** The same with one component less in its newest level. */
  static Json.Obj with15Components(Json.Obj info) {
    List<Json> levels = levels(info);
    Json.Obj newest = (Json.Obj) levels.getFirst();
    Json.Obj tcb = (Json.Obj) newest.get("tcb").orElseThrow();
    Json fewer = components(Collections.nCopies(15, 5));
    levels.set(0, newest.with("tcb", tcb.with("sgxtcbcomponents", fewer)));
    return info.with("tcbLevels", new Json.Arr(levels));
  }

  private static Json.Obj platform(Json.Obj out) {
    return out.with("fmspc", PckSpec.FMSPC.hex().toUpperCase(Locale.ROOT))
        .with("pceId", PckSpec.PCE_ID.hex())
        .with("tcbType", 0)
        .with("tcbEvaluationDataNumber", EVALUATION);
  }

  private static Json.Obj module(Json.Obj out) {
    return out.with("mrsigner", MODULE_SIGNER.hex())
        .with("attributes", "0000000000000000")
        .with("attributesMask", "FFFFFFFFFFFFFFFF");
  }

  private static Json.Obj level(boolean tdx, int svn, String status) {
    Json.Obj tcb =
        Json.Obj.EMPTY
            .with("sgxtcbcomponents", components(Collections.nCopies(16, svn)))
            .with("pcesvn", svn == 5 ? 13 : 11);
    if (tdx) {
      List<Integer> tdxComponents = new ArrayList<>(Collections.nCopies(16, 0));
      tdxComponents.set(0, 5);
      tdxComponents.set(2, 3);
      tcb = tcb.with("tdxtcbcomponents", components(tdxComponents));
    }
    return rated(tcb, status);
  }

  private static Json.Obj isv(int svn, String status) {
    return rated(Json.Obj.EMPTY.with("isvsvn", svn), status);
  }

  private static Json.Obj rated(Json.Obj tcb, String status) {
    return Json.Obj.EMPTY.with("tcb", tcb).with("tcbDate", TCB_DATE).with("tcbStatus", status);
  }

  private static Json components(List<Integer> svns) {
    return Json.Arr.of(svns.stream().map(s -> Json.Obj.EMPTY.with("svn", s)).toList());
  }

  private static List<Json> levels(Json.Obj info) {
    return new ArrayList<>(((Json.Arr) info.get("tcbLevels").orElseThrow()).items());
  }

  private static Json.Arr list(Json... items) {
    return new Json.Arr(List.of(items));
  }
}
