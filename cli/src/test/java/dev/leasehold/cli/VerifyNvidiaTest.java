package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code leasehold verify --kind nvidia} over genuine reports, with the reference values given. */
class VerifyNvidiaTest {
  private static final Vectors VECTORS = new Vectors("nvidia");
  private static final String AT = "2025-06-01T00:00:00Z";

  /** What the first refusal is for. */
  private static final Map<String, String> FIRST =
      Map.of(
          "nv-2", "driver-rim-signature",
          "nv-3", "vbios-measurements",
          "nv-4", "signature",
          "nv-5", "format",
          "nv-8", "signature",
          "nv-9", "driver-rim");

  static List<Vectors.Case> cases() throws Exception {
    return VECTORS.cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void verdictIsTheExpectedOne(Vectors.Case c) throws Exception {
    Ran ran = verify(c, "--json");
    Json.Obj got = VerdictShape.agreed(ran, c);
    if (c.flag("genuine")) {
      assertThat(Vectors.Case.text(got, "claims.nonce")).isEqualTo(c.text("nonce"));
      assertThat(Vectors.Case.text(got, "claims.driverVersion"))
          .isEqualTo(c.text("driver_version"));
    } else {
      assertThat(VerdictShape.refused(got).getFirst()).isEqualTo(FIRST.get(c.text("id")));
    }
  }

  @Test
  void theNonceIsHeldToTheOneThatWasSent() throws Exception {
    Vectors.Case c = cases().getFirst();
    assertThat(verify(c, "--nonce", c.text("nonce")).code()).isZero();
    Ran other = verify(c, "--nonce", "00".repeat(32), "--json");
    assertThat(VerdictShape.refused(other.json())).containsExactly("nonce");
  }

  private static Ran verify(Vectors.Case c, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "verify",
                "--kind",
                "nvidia",
                "--evidence",
                VECTORS.at(c.text("report")),
                "--certs",
                VECTORS.at(c.text("chain")),
                "--at",
                AT));
    if (c.json().get("rims").orElse(Json.Null.NULL) instanceof Json.Obj rims) {
      for (String rim : List.of("driver", "vbios")) {
        rims.get(rim)
            .filter(Json.Str.class::isInstance)
            .ifPresent(
                f -> args.addAll(List.of("--collateral", VECTORS.at(((Json.Str) f).value()))));
      }
    }
    args.addAll(List.of(more));
    return Ran.verb(args);
  }
}
