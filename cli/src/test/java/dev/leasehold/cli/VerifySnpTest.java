package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code leasehold verify --kind snp} over genuine reports, against what is known of each. */
class VerifySnpTest {
  private static final Vectors VECTORS = new Vectors("snp");

  private static final Map<String, List<String>> REFUSALS =
      Map.ofEntries(
          Map.entry("snp-1", List.of("family", "tcb")),
          Map.entry("snp-2", List.of()),
          Map.entry("snp-3", List.of()),
          Map.entry("snp-4", List.of("family", "tcb", "alias-check")),
          Map.entry("snp-5", List.of("family", "tcb", "vmpl")),
          Map.entry("snp-6", List.of("family", "tcb", "debug", "alias-check")),
          Map.entry("snp-7", List.of("chain")),
          Map.entry("snp-8", List.of("chain")),
          Map.entry("snp-9", List.of("product")),
          Map.entry("snp-10", List.of("chain")));

  /** Our names of fields, and theirs in expected.json. */
  private static final Map<String, String> FIELDS =
      Map.ofEntries(
          Map.entry("version", "ver"),
          Map.entry("guestSvn", "svn"),
          Map.entry("policy", "policy"),
          Map.entry("vmpl", "vmpl"),
          Map.entry("platformInfo", "platinfo"),
          Map.entry("reportData", "rd"),
          Map.entry("measurement", "meas"),
          Map.entry("hostData", "host"),
          Map.entry("idKeyDigest", "idkd"),
          Map.entry("authorKeyDigest", "akd"),
          Map.entry("reportId", "repid"),
          Map.entry("reportIdMa", "repma"),
          Map.entry("currentTcb", "cur_tcb"),
          Map.entry("reportedTcb", "rep_tcb"),
          Map.entry("committedTcb", "com_tcb"),
          Map.entry("launchTcb", "lau_tcb"),
          Map.entry("chipId", "chip"));

  static List<Vectors.Case> cases() throws Exception {
    return VECTORS.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictIsTheExpectedOne(Vectors.Case c) throws Exception {
    Ran ran = verify(c, "--json");
    Json.Obj got = VerdictShape.agreed(ran, c);
    assertThat(ran.err()).isEmpty();
    assertThat(Vectors.Case.text(got, "kind")).isEqualTo("snp");
    assertThat(VerdictShape.refused(got)).isEqualTo(REFUSALS.get(c.text("id")));
    if (c.flag("genuine")) {
      FIELDS.forEach((ours, theirs) ->
          assertThat(Vectors.Case.text(got, "claims." + ours))
              .as(ours)
              .isEqualTo(c.text("fields." + theirs)));
      assertThat(Vectors.Case.text(got, "validFrom"))
          .isEqualTo(c.instant("cert_validity", 0).toString());
      assertThat(Vectors.Case.text(got, "validUntil"))
          .isEqualTo(c.instant("cert_validity", 1).toString());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theTableSaysTheSame(Vectors.Case c) {
    Ran ran = verify(c);
    assertThat(ran.code()).isEqualTo(c.flag("acceptedByStrict") ? 0 : 1);
    assertThat(ran.out())
        .startsWith(c.flag("acceptedByStrict") ? "ACCEPTED: genuine" : "REFUSED: ")
        .contains("claim", "expected", "found", "verdict", "source");
    REFUSALS
        .getOrDefault(c.text("id"), List.of())
        .forEach(claim -> assertThat(ran.out().lines().findFirst().orElseThrow()).contains(claim));
    assertThat(ran.out().contains("what to do: ")).isEqualTo(!c.flag("acceptedByStrict"));
    assertThat(ran.out().contains("days left")).isEqualTo(c.flag("genuine"));
  }

  private static Ran verify(Vectors.Case c, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "verify",
                "--kind",
                "snp",
                "--evidence",
                VECTORS.at(c.text("report")),
                "--collateral",
                VECTORS.at(c.text("ca")),
                "--certs",
                VECTORS.at(c.text("endorsement")),
                "--at",
                c.instant("cert_validity", 0).plus(Duration.ofDays(1)).toString()));
    args.addAll(List.of(more));
    return Ran.verb(args);
  }
}
