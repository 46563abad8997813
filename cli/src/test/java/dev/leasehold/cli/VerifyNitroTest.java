package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code leasehold verify --kind nitro} over genuine documents, which need nothing beside them. */
class VerifyNitroTest {
  private static final Vectors VECTORS = new Vectors("nitro");

  private static final Map<String, List<String>> REFUSALS =
      Map.of("nitro-4", List.of("debug"), "nitro-5", List.of("signature"));

  static List<Vectors.Case> cases() throws Exception {
    return VECTORS.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictIsTheExpectedOne(Vectors.Case c) throws Exception {
    Ran ran = verify(c, "--json");
    Json.Obj got = VerdictShape.agreed(ran, c);
    assertThat(VerdictShape.refused(got)).isEqualTo(REFUSALS.getOrDefault(c.text("id"), List.of()));
    if (c.flag("genuine")) {
      assertThat(Vectors.Case.text(got, "claims.moduleId")).isEqualTo(c.text("module_id"));
      assertThat(Vectors.Case.text(got, "claims.pcr0")).isEqualTo(c.text("pcrs.0"));
      assertThat(Vectors.Case.text(got, "claims.pcr15")).isEqualTo(c.text("pcrs.15"));
      assertThat(Vectors.Case.text(got, "validFrom")).isEqualTo(from(c).toString());
      assertThat(Vectors.Case.text(got, "validUntil"))
          .isEqualTo(instant(c, "window.not_after").toString());
    }
  }

  @Test
  void theNonceIsHeldToTheOneThatWasSent() throws Exception {
    Vectors.Case c =
        cases().stream().filter(k -> k.text("id").equals("nitro-2")).findFirst().orElseThrow();
    assertThat(verify(c, "--nonce", c.text("nonce")).code()).isZero();
    Ran other = verify(c, "--nonce", "00".repeat(32), "--json");
    assertThat(VerdictShape.refused(other.json())).containsExactly("nonce");
    Ran unbound = verify(c, "--report-data", "00".repeat(64), "--json");
    assertThat(VerdictShape.refused(unbound.json())).containsExactly("report-data");
  }

  private static Ran verify(Vectors.Case c, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "verify",
                "--kind",
                "nitro",
                "--evidence",
                VECTORS.at(c.text("file")),
                "--at",
                from(c).plus(Duration.ofHours(1)).toString()));
    args.addAll(List.of(more));
    return Ran.verb(args);
  }

  private static Instant from(Vectors.Case c) {
    return instant(c, "window.not_before");
  }

  private static Instant instant(Vectors.Case c, String path) {
    return OffsetDateTime.parse(c.text(path)).toInstant();
  }
}
