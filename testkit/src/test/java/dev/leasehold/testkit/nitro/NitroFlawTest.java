package dev.leasehold.testkit.nitro;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.appraise.Appraisal;
import dev.leasehold.core.appraise.Appraiser;
import dev.leasehold.core.appraise.Binding;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.nitro.NitroClaims;
import dev.leasehold.core.evidence.nitro.NitroEvidence;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A document wrong in exactly one way is refused for exactly that. */
class NitroFlawTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final HexBytes PCR0 = new HexBytes("5a".repeat(48));
  private static final Hash CONFIG = new Hash("cc".repeat(32));
  private static final Nonce NONCE = new Nonce("a5".repeat(32));
  private static final Binding BINDING = Binding.to(new Hash("ee".repeat(32)), NONCE, CONFIG);
  private static final NitroForger FORGER = new NitroForger(NOW);

  @ParameterizedTest
  @EnumSource
  void isRefusedForItsOwnReason(NitroFlaw flaw) {
    try {
      Appraisal appraisal = appraise(verify(flaw, FORGER.anchors()));
      assertThat(appraisal.checks())
          .filteredOn(c -> !c.ok())
          .as(appraisal.checks().toString())
          .extracting(Check::claim)
          .containsExactlyElementsOf(flaw.claim().isEmpty() ? List.of() : List.of(flaw.claim()));
      if (appraisal instanceof Appraisal.Refused refused) {
        saysWhatToDo(refused.refusal());
      }
    } catch (Malformed e) {
      assertThat(flaw.claim()).as(e.getMessage()).isEqualTo(NitroFlaw.MALFORMED);
    }
  }

  @Test
  void productionAnchorsRefuseEverySimulation() throws Malformed {
    Verdict verdict = verify(NitroFlaw.NONE, PinnedAnchors.ANCHORS);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(verdict.checks()).extracting(Check::claim).containsExactly("root");
  }

  @Test
  void userDataOf64BytesIsReportData() throws Malformed {
    if (verify(NitroFlaw.NONE, FORGER.anchors()) instanceof Verdict.Genuine(NitroClaims c, _)) {
      assertThat(c.reportData()).isEqualTo(BINDING.reportData().value());
      assertThat(c.fields().values()).containsKeys("reportData", "userData", "nonce");
    }
  }

  private static Verdict verify(NitroFlaw flaw, Anchors anchors) throws Malformed {
    byte[] document = FORGER.forge(flaw, BINDING.reportData(), NONCE, PCR0);
    return Verifier.verify(NitroEvidence.parse(document), Collateral.NONE, anchors, NOW);
  }

  private static void saysWhatToDo(Refusal r) {
    assertThat(r.remedy()).isNotEmpty();
    assertThat(r.expected()).isNotEqualTo(r.got());
    assertThat(r.source()).isNotEmpty();
  }

  private static Appraisal appraise(Verdict verdict) {
    Measurements.Policy policy =
        new Measurements.Policy(
            List.of(), Map.of(), 0, List.of("UpToDate"), List.of(), false, true, true, 0);
    Measurements.Entry entry =
        new Measurements.Entry(Tee.NITRO, PCR0, "program/1", CONFIG, HexBytes.EMPTY, List.of());
    Measurements accepted =
        new Measurements(
            new Id("00".repeat(16)), 1, Optional.empty(), 0, List.of(entry), policy, 0, List.of());
    return Appraiser.appraise(verdict, accepted, BINDING, NOW);
  }
}
