package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code leasehold verify --kind sgx|tdx} over genuine quotes, against what is known of each. */
class VerifyDcapTest {
  private static final Map<String, List<String>> REFUSALS =
      Map.ofEntries(
          Map.entry("sgx-1", List.of("tcb")),
          Map.entry("sgx-2", List.of()),
          Map.entry("sgx-3", List.of("tcb", "debug")),
          Map.entry("sgx-4", List.of("chain")),
          Map.entry("sgx-5", List.of("chain")),
          Map.entry("tdx-1", List.of()),
          Map.entry("tdx-2", List.of()),
          Map.entry("tdx-3", List.of("tcb")),
          Map.entry("tdx-4", List.of("debug")),
          Map.entry("tdx-5", List.of("trailing-bytes", "tcb", "sept-ve")),
          Map.entry("tdx-6", List.of("tcb")),
          Map.entry("tdx-7", List.of()),
          Map.entry("tdx-8", List.of("tcb")),
          Map.entry("tdx-9", List.of("fmspc")),
          Map.entry("tdx-10", List.of("chain")));

  private static final Map<String, String> STATUS =
      Map.of(
          "sgx-1", "ConfigurationAndSWHardeningNeeded",
          "sgx-2", "SWHardeningNeeded",
          "sgx-3", "OutOfDate",
          "tdx-3", "NotSupported",
          "tdx-5", "NotSupported",
          "tdx-6", "OutOfDate",
          "tdx-8", "TDRelaunchAdvised");

  @TempDir private Path folder;

  static List<Vectors.Case> cases() throws Exception {
    List<Vectors.Case> all = new ArrayList<>(new Vectors("sgx").cases());
    all.addAll(new Vectors("tdx").cases());
    return all;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictIsTheExpectedOne(Vectors.Case c) throws Exception {
    Ran ran = Ran.verb(args(c, "--json"));
    Json.Obj got = VerdictShape.agreed(ran, c);
    assertThat(VerdictShape.refused(got)).isEqualTo(REFUSALS.get(c.text("id")));
    if (c.flag("genuine")) {
      assertThat(Vectors.Case.text(got, "tcbStatus"))
          .isEqualTo(STATUS.getOrDefault(c.text("id"), "UpToDate"));
      assertThat(Vectors.Case.text(got, "validFrom")).isEqualTo(c.text("window.not_before"));
      assertThat(Vectors.Case.text(got, "validUntil")).isEqualTo(c.text("window.not_after"));
      claimsAreThose(c, got);
    }
  }

  /** Names in expected.json are ours in lower case, and sometimes shorter. */
  private static void claimsAreThose(Vectors.Case c, Json.Obj got) {
    Map<String, String> ours = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    Json.Obj claims = (Json.Obj) got.get("claims").orElseThrow();
    claims.members().keySet().forEach(name -> ours.put(name, Vectors.Case.text(claims, name)));
    List<String> compared = new ArrayList<>();
    for (String name : List.of("mrenclave", "mrsigner", "mrtd", "rtmr0", "rtmr3", "reportdata")) {
      if (((Json.Obj) c.json().get("body").orElseThrow()).members().containsKey(name)) {
        assertThat(ours).containsEntry(name, c.text("body." + name));
        compared.add(name);
      }
    }
    assertThat(compared).hasSizeGreaterThanOrEqualTo(3);
    assertThat(ours).containsEntry("fmspc", c.text("pck.fmspc").toLowerCase(Locale.ROOT));
  }

  @Tag("D20")
  @Test
  void advisoriesAreNamed() throws Exception {
    Vectors.Case c =
        cases().stream().filter(x -> x.text("id").equals("tdx-6")).findFirst().orElseThrow();
    assertThat(Vectors.Case.items(Ran.verb(args(c, "--json")).json(), "advisories"))
        .extracting(Json::write)
        .containsExactly("\"INTEL-SA-00960\"", "\"INTEL-SA-00982\"", "\"INTEL-SA-00986\"");
  }

  /** Windows are instants, wherever the verifier stands. */
  @Tag("D20")
  @ParameterizedTest
  @ValueSource(strings = {"Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kathmandu"})
  void theVerdictIsTheSameInEveryTimeZone(String zone) throws Exception {
    TimeZone before = TimeZone.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone(zone));
      for (Vectors.Case c : cases()) {
        verdictIsTheExpectedOne(c);
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }

  /** Intel's lists come with the vectors, so a first policy accepts its own model outright. */
  @Test
  void aFirstPolicyAcceptsItsModelAndNothingElse() throws Exception {
    for (Vectors.Case c : cases()) {
      boolean genuine = c.flag("genuine");
      String id = c.text("id");
      String file = folder.resolve(id + ".json").toString();
      List<String> write = args(c, "--out", file, "--program", id);
      write.removeFirst();
      write.addAll(0, List.of("policy", "from-evidence"));
      Ran written = Ran.verb(write);
      boolean never = List.of("sgx-3", "tdx-3", "tdx-4", "tdx-5").contains(id);
      assertThat(written.code()).as(id + written.err()).isEqualTo(genuine && !never ? 0 : 1);
      if (written.code() == 0) {
        List<String> refused =
            VerdictShape.refused(Ran.verb(args(c, "--json", "--policy", file)).json());
        assertThat(refused).as(id).isSubsetOf("crl");
      } else {
        assertThat(Path.of(file)).doesNotExist();
      }
    }
    Vectors.Case other =
        cases().stream().filter(x -> x.text("id").equals("tdx-2")).findFirst().orElseThrow();
    String policy = folder.resolve("tdx-1.json").toString();
    assertThat(VerdictShape.refused(Ran.verb(args(other, "--json", "--policy", policy)).json()))
        .contains("measurement", "rtmr0", "rtmr1", "rtmr2");
  }

  @Test
  void aQuoteOfTheOtherKindIsRefused() throws Exception {
    List<String> args = new ArrayList<>(args(cases().getFirst(), "--json"));
    args.set(args.indexOf("sgx"), "tdx");
    Ran ran = Ran.verb(args);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(VerdictShape.refused(ran.json())).containsExactly("format");
    assertThat(ran.out()).contains("one of tdx", "one of sgx");
  }

  private List<String> args(Vectors.Case c, String... more) throws IOException {
    String kind = c.text("id").substring(0, 3);
    Vectors vectors = new Vectors(kind);
    List<String> args = new ArrayList<>(List.of("verify", "--kind", kind));
    args.addAll(List.of("--evidence", quote(vectors, c), "--at", inside(c).toString()));
    collateral(vectors, c).forEach(f -> args.addAll(List.of("--collateral", f)));
    args.addAll(List.of(more));
    return args;
  }

  /** Some samples stand behind a prefix that is no part of the quote. */
  private String quote(Vectors vectors, Vectors.Case c) throws IOException {
    int offset = Integer.parseInt(c.text("quote_offset"));
    String file = vectors.at(c.text("quote"));
    if (offset == 0) {
      return file;
    }
    byte[] whole = Files.readAllBytes(Path.of(file));
    Path cut = folder.resolve(c.text("id") + ".quote");
    Files.write(cut, Arrays.copyOfRange(whole, offset, whole.length));
    return cut.toString();
  }

  private static List<String> collateral(Vectors vectors, Vectors.Case c) {
    return c.json().get("collateral").orElse(Json.Null.NULL) instanceof Json.Str(String file)
        ? List.of(vectors.at(file))
        : List.of();
  }

  /** An instant at which all of it holds together; for tdx-10 one at which its collateral does. */
  private static Instant inside(Vectors.Case c) {
    if (!(c.json().get("window").orElse(Json.Null.NULL) instanceof Json.Obj)) {
      return Instant.parse("2026-03-01T00:00:00Z");
    }
    return c.text("id").equals("tdx-10")
        ? Instant.parse(c.text("window.not_after")).minusSeconds(3600)
        : Instant.parse(c.text("window.not_before")).plusSeconds(3600);
  }
}
