package dev.leasehold.core.appraise.ear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.evidence.EvidenceKind;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values and tiers of draft-ietf-rats-ar4si-10 §2.3, and our table of docs/spec/ear.md §3. */
class TrustworthinessTest {
  @Test
  void tiersAreTheRangesOfTheDraft() {
    for (int v = Byte.MIN_VALUE; v <= Byte.MAX_VALUE; v++) {
      TrustworthinessTier expected =
          v >= 96 || v <= -97
              ? TrustworthinessTier.CONTRAINDICATED
              : v >= 32 || v <= -33
                  ? TrustworthinessTier.WARNING
                  : v >= 2 || v <= -2 ? TrustworthinessTier.AFFIRMING : TrustworthinessTier.NONE;
      assertThat(TrustworthinessTier.of(v)).as("%s", v).isEqualTo(expected);
    }
    assertThat(TrustworthinessTier.of(31)).isEqualTo(TrustworthinessTier.AFFIRMING);
    assertThat(TrustworthinessTier.of(-32)).isEqualTo(TrustworthinessTier.AFFIRMING);
    assertThat(TrustworthinessTier.of(95)).isEqualTo(TrustworthinessTier.WARNING);
    assertThat(TrustworthinessTier.of(-96)).isEqualTo(TrustworthinessTier.WARNING);
  }

  @Test
  void eachKindOfFailureIsSaidOfItsOwnClaim() {
    assertThat(afterFailureOf("debug")).isEqualTo("runtime-opaque 96");
    assertThat(afterFailureOf("tcb")).isEqualTo("hardware 32");
    assertThat(afterFailureOf("family")).isEqualTo("hardware 96");
    assertThat(afterFailureOf("crl")).isEqualTo("hardware -33");
    assertThat(afterFailureOf("migration")).isEqualTo("configuration 96");
    assertThat(afterFailureOf("host-data")).isEqualTo("configuration -33");
    assertThat(afterFailureOf("measurement")).isEqualTo("executables 33");
    assertThat(afterFailureOf("rtmr2")).isEqualTo("executables 33");
    assertThat(afterFailureOf("report-data")).isEqualTo("instance-identity 99");
    assertThat(afterFailureOf("platform-list")).isEqualTo("instance-identity 97");
    assertThat(afterFailureOf("something-new")).isEqualTo("configuration -97");
  }

  @Test
  void whatWasNotLookedAtIsNotClaimed() {
    assertThat(Trustworthiness.of(EvidenceKind.SNP, Map.of("debug", true), false).values())
        .containsOnlyKeys(
            TrustworthinessClaim.CONFIGURATION,
            TrustworthinessClaim.HARDWARE,
            TrustworthinessClaim.RUNTIME_OPAQUE);
    assertThat(Trustworthiness.of(EvidenceKind.NVIDIA, Map.of(), false).values())
        .doesNotContainKey(TrustworthinessClaim.RUNTIME_OPAQUE);
  }

  @Test
  void advisoriesWarnAlsoWhereTheyAreTolerated() {
    TrustworthinessVector vector =
        Trustworthiness.of(EvidenceKind.SGX, Map.of("advisories", true), true);
    assertThat(vector.values()).containsEntry(TrustworthinessClaim.HARDWARE, 32);
    assertThat(vector.tier()).isEqualTo(TrustworthinessTier.WARNING);
  }

  @Test
  void theWorstReasonIsKeptWhateverTheOrder() {
    for (int[] order : new int[][] {{2, -33, 32, -97, 96}, {96, -97, 32, -33, 2}}) {
      TrustworthinessVector.Builder out = new TrustworthinessVector.Builder();
      for (int v : order) {
        out.put(TrustworthinessClaim.HARDWARE, v);
      }
      assertThat(out.build().values()).containsEntry(TrustworthinessClaim.HARDWARE, 96);
    }
  }

  @Test
  void aVectorIsNeitherEmptyNorOutOfRange() {
    assertThatThrownBy(() -> new TrustworthinessVector(Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TrustworthinessVector(Map.of(TrustworthinessClaim.HARDWARE, 128)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** The one claim that differs from an affirming appraisal. */
  private static String afterFailureOf(String check) {
    Map<TrustworthinessClaim, Integer> good =
        Trustworthiness.of(EvidenceKind.SNP, Map.of(check, true), false).values();
    Map<TrustworthinessClaim, Integer> bad =
        Trustworthiness.of(EvidenceKind.SNP, Map.of(check, false), false).values();
    return bad.entrySet().stream()
        .filter(e -> !e.getValue().equals(good.get(e.getKey())))
        .map(e -> e.getKey().word() + " " + e.getValue())
        .reduce((a, b) -> a + ", " + b)
        .orElse("none");
  }
}
