package dev.leasehold.core.evidence.dcap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every genuine platform is judged as expected.json says, part by part. */
class TcbLevelsVectorsTest {
  /** What expected.json says of a quote whose collateral is at hand. */
  record Case(String folder, Json.Obj json) {
    String text(String key) {
      return json.get(key).orElseThrow() instanceof Json.Str(String s) ? s : "";
    }

    Json.Obj object(String key) {
      return (Json.Obj) json.get(key).orElseThrow();
    }

    @Override
    public String toString() {
      return text("id");
    }
  }

  static Stream<Case> cases() throws Malformed {
    return Stream.concat(read("sgx").stream(), read("tdx").stream())
        .filter(c -> !c.text("collateral").isEmpty() && !c.toString().equals("tdx-9"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void judgedAsExpected(Case c) throws Malformed {
    Collateral collateral = IntelCollateral.read(c.folder() + "/" + c.text("collateral"));
    TcbResult r =
        TcbLevels.judge(
            pck(c.object("pck")),
            td(c),
            collateral.tcbInfos().getFirst(),
            collateral.qeIdentities().getFirst(),
            (int) number(c.object("qe_report"), "svn"));
    assertThat(r.tcb().status()).isEqualTo(status(c.text("verdict")));
    assertThat(r.platformStatus()).isEqualTo(status(c.object("tcb"), "level"));
    assertThat(r.qeStatus()).isEqualTo(status(c.object("qe_identity"), "level"));
    assertThat(r.moduleStatus())
        .isEqualTo(c.object("tcb").get("modlevel").map(m -> status(c.object("tcb"), "modlevel")));
    assertThat(r.tcb().advisories())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(
                    advisories(c.object("tcb"), "level"),
                    advisories(c.object("tcb"), "modlevel"),
                    advisories(c.object("qe_identity"), "level"))
                .flatMap(List::stream)
                .distinct()
                .toList());
    assertThat(r.tcb().evaluation()).isIn(15L, 17L, 18L);
  }

  /** The verdict is a status, or a sentence that names one. */
  private static String status(String verdict) {
    if (verdict.contains("no matching TCB level")) {
      return "NotSupported";
    }
    List<String> words =
        Stream.of(TcbStatus.values())
            .map(TcbStatus::word)
            .filter(w -> List.of(verdict.split("[^A-Za-z]+", -1)).contains(w))
            .toList();
    return words.contains("TDRelaunchAdvised")
        ? "TDRelaunchAdvised"
        : words.isEmpty() ? "UpToDate" : words.getFirst();
  }

  private static String status(Json.Obj parts, String key) {
    return parts.get(key).orElseThrow() instanceof Json.Arr(List<Json> l)
            && l.getFirst() instanceof Json.Str(String s)
        ? s
        : "NotSupported";
  }

  private static List<String> advisories(Json.Obj parts, String key) {
    return parts.get(key).orElse(Json.Null.NULL) instanceof Json.Arr(List<Json> l)
            && l.get(2) instanceof Json.Arr(List<Json> ids)
        ? ids.stream().map(i -> ((Json.Str) i).value()).toList()
        : List.of();
  }

  private static PckTcb pck(Json.Obj pck) {
    List<Integer> components =
        ((Json.Arr) pck.get("comps").orElseThrow())
            .items().stream().map(i -> (int) ((Json.Int) i).value()).toList();
    return new PckTcb(components, (int) number(pck, "pcesvn"));
  }

  private static Optional<TdTcb> td(Case c) {
    return c.object("body")
        .get("teetcbsvn")
        .map(svn ->
            new TdTcb(
                new HexBytes(((Json.Str) svn).value()),
                c.object("body")
                    .get("teetcbsvn2")
                    .map(svn2 -> new HexBytes(((Json.Str) svn2).value()))));
  }

  private static long number(Json.Obj o, String key) {
    return ((Json.Int) o.get(key).orElseThrow()).value();
  }

  private static List<Case> read(String folder) throws Malformed {
    String array =
        new String(IntelCollateral.bytes(folder + "/expected.json"), StandardCharsets.UTF_8);
    byte[] object = ("{\"cases\":" + array + "}").getBytes(StandardCharsets.UTF_8);
    List<Case> out = new ArrayList<>();
    if (ApiJson.parse(folder, object, 1 << 20).get("cases").orElseThrow()
        instanceof Json.Arr(List<Json> items)) {
      items.forEach(i -> out.add(new Case(folder, (Json.Obj) i)));
    }
    return out;
  }
}
