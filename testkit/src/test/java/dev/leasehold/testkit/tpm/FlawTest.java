package dev.leasehold.testkit.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.tpm.TpmEvidence;
import dev.leasehold.core.evidence.tpm.TpmSignature.Scheme;
import dev.leasehold.core.pki.PinnedAnchors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Quotes wrong in exactly one way are refused for exactly that. */
class FlawTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final byte[] NONCE = new byte[32];

  private static SimulatedGoogle google;
  private static SimulatedGoogle foreign;
  private static TpmForger forger;

  @BeforeAll
  static void makeAuthorities() {
    google = SimulatedGoogle.create();
    foreign = SimulatedGoogle.create();
    forger = new TpmForger(SimulatedTpm.create(Scheme.ECDSA), google, foreign);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void isRefusedForItsOwnReason(Flaw flaw) {
    try {
      List<Check> failed =
          judge(forger.forge(flaw, NONCE, NOW)).stream().filter(c -> !c.ok()).toList();
      assertThat(failed).extracting(Check::claim).containsExactly(flaw.claim());
      saysWhatToDo(failed.getFirst().refusal().orElseThrow());
    } catch (Malformed e) {
      assertThat(flaw.claim()).as(e.getMessage()).isEqualTo(Flaw.MALFORMED);
      assertThat(e.expected()).isNotEqualTo(e.found());
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutAFlawItIsAcceptedWhateverTheScheme(Scheme scheme) throws Malformed {
    TpmForger honest = new TpmForger(SimulatedTpm.create(scheme), google, foreign);
    Forgery forgery = honest.forge(Flaw.NONE, NONCE, NOW);
    List<Check> checks = judge(forgery);
    assertThat(checks).allMatch(Check::ok);
    assertThat(checks).extracting(Check::claim).contains("event-log", "ak-binding", "crl");
  }

  @Test
  void productionAnchorsRefuseEverySimulation() throws Malformed {
    Forgery forgery = forger.forge(Flaw.NONE, NONCE, NOW);
    Verdict verdict =
        Verifier.verify(forgery.evidence(), forgery.collateral(), PinnedAnchors.ANCHORS, NOW);
    assertThat(verdict.checks()).extracting(Check::claim).containsExactly("ak-binding");
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
  }

  /** Whoever has enrolled the key needs no authority, and no authority can take it back. */
  @Test
  void enrolledKeyNeedsNoCertificate() throws Malformed {
    TpmEvidence evidence = forger.forge(Flaw.CERTIFICATE_MISSING, NONCE, NOW).evidence();
    Collateral own = Collateral.ofAttestationKeys(List.of(evidence.key()));
    Verdict verdict = Verifier.verify(evidence, own, PinnedAnchors.ANCHORS, NOW);
    assertThat(verdict).isInstanceOf(Verdict.Genuine.class);
  }

  private static List<Check> judge(Forgery forgery) throws Malformed {
    Verdict verdict =
        Verifier.verify(forgery.evidence(), forgery.collateral(), google.anchors(), NOW);
    List<Check> checks = new ArrayList<>(verdict.checks());
    if (verdict instanceof Verdict.Genuine(var claims, _)) {
      checks.addAll(PlatformChecks.of(claims, PlatformPolicy.STRICT, NOW));
    }
    return checks;
  }

  private static void saysWhatToDo(Refusal r) {
    assertThat(r.remedy()).isNotEmpty();
    assertThat(r.source()).isNotEmpty();
    assertThat(r.expected()).isNotEqualTo(r.got());
  }
}
