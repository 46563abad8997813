package dev.leasehold.testkit.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.azure.AzureEvidence;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.testkit.snp.SimulatedAmd;
import dev.leasehold.testkit.snp.SimulatedChip;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Evidence wrong in exactly one way is refused for exactly that. */
class FlawTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final byte[] NONCE = new byte[32];

  private static SimulatedAmd amd;
  private static Collateral collateral;
  private static AzureForger forger;

  @BeforeAll
  static void forgeOneVm() {
    amd = SimulatedAmd.shared();
    SimulatedAmd foreign = SimulatedAmd.create(Family.GENOA, new SecureRandom());
    forger = new AzureForger(SimulatedChip.create(amd), SimulatedChip.create(foreign));
    collateral =
        Collateral.ofCertificates(List.of(amd.ask(), amd.ark(), foreign.ask(), foreign.ark()));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void isRefusedForItsOwnReason(Flaw flaw) {
    try {
      List<Check> failed =
          judge(AzureEvidence.parse(forger.forge(flaw, NONCE))).stream()
              .filter(c -> !c.ok())
              .toList();
      assertThat(failed).extracting(Check::claim).containsExactly(flaw.claim());
      assertThat(failed.getFirst().remedy()).isNotEmpty();
      assertThat(failed.getFirst().expected()).isNotEqualTo(failed.getFirst().got());
    } catch (Malformed e) {
      assertThat(flaw.claim()).as(e.getMessage()).isEqualTo(Flaw.MALFORMED);
    }
  }

  @Test
  void withoutAFlawItIsAcceptedAndBindsItsNonce() throws Malformed {
    AzureEvidence evidence = AzureEvidence.parse(forger.forge(Flaw.NONE, NONCE));
    assertThat(judge(evidence)).allMatch(Check::ok);
    if (verify(evidence, amd.anchors()) instanceof Verdict.Genuine(EnvironmentClaims vm, _)) {
      byte[] bound = new byte[ReportData.BYTES];
      Arrays.fill(bound, 32, 64, (byte) 7);
      assertThat(vm.binds(ReportData.of(bound))).isTrue();
      bound[31] = 1;
      assertThat(vm.binds(ReportData.of(bound))).isFalse();
    }
  }

  /** A longer nonce that begins with the right bytes is another nonce. */
  @Test
  void aNonceOfAnotherLengthBindsNothing() throws Malformed {
    for (int length : new int[] {0, 31, 33, 64}) {
      AzureEvidence evidence = AzureEvidence.parse(forger.forge(Flaw.NONE, new byte[length]));
      if (verify(evidence, amd.anchors()) instanceof Verdict.Genuine(EnvironmentClaims vm, _)) {
        assertThat(vm.binds(ReportData.of(new byte[ReportData.BYTES]))).isFalse();
      }
    }
  }

  @Test
  void productionAnchorsRefuseEverySimulation() throws Malformed {
    AzureEvidence evidence = AzureEvidence.parse(forger.forge(Flaw.NONE, NONCE));
    Verdict verdict = verify(evidence, PinnedAnchors.ANCHORS);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(verdict.checks()).extracting(Check::claim).containsExactly("chain");
  }

  private static List<Check> judge(AzureEvidence evidence) {
    Verdict verdict = verify(evidence, amd.anchors());
    List<Check> checks = new ArrayList<>(verdict.checks());
    if (verdict instanceof Verdict.Genuine(var claims, _)) {
      checks.addAll(PlatformChecks.of(claims, PlatformPolicy.STRICT, NOW));
    }
    return checks;
  }

  private static Verdict verify(AzureEvidence evidence, Anchors anchors) {
    return Verifier.verify(evidence, collateral, anchors, NOW);
  }
}
