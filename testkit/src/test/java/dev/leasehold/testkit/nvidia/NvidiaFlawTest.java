package dev.leasehold.testkit.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.appraise.Appraisal;
import dev.leasehold.core.appraise.Appraiser;
import dev.leasehold.core.appraise.Binding;
import dev.leasehold.core.appraise.GpuBinding;
import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.nvidia.GpuNonce;
import dev.leasehold.core.evidence.nvidia.NvidiaClaims;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.pki.PinnedAnchors;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A GPU whose evidence is wrong in exactly one way is refused for exactly that. */
class NvidiaFlawTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Nonce CHALLENGE = new Nonce("c1".repeat(32));
  private static final Bytes IK = Bytes.of(new byte[32]);
  private static final Nonce NONCE = GpuNonce.of(CHALLENGE, IK);
  private static final Hash HASH = new Hash("ab".repeat(32));
  private static final Id ID = new Id("00".repeat(16));
  private static final PlatformPolicy DEMANDING =
      new PlatformPolicy(
          Set.of(),
          Map.of(),
          0,
          Set.of(),
          Optional.empty(),
          true,
          false,
          true,
          Optional.of(Duration.ofHours(2)));

  private static final SimulatedNvidia NVIDIA = SimulatedNvidia.create();
  private static final NvidiaForger FORGER = new NvidiaForger(NVIDIA);

  @ParameterizedTest
  @EnumSource
  void isRefusedForItsOwnReason(NvidiaFlaw flaw) {
    NvidiaForgery forgery = FORGER.forge(flaw, NONCE, NOW);
    try {
      List<Check> checks = checks(forgery);
      assertThat(checks)
          .filteredOn(c -> !c.ok())
          .as(checks.toString())
          .allSatisfy(NvidiaFlawTest::saysWhatToDo)
          .extracting(Check::claim)
          .isEqualTo(flaw.claim().isEmpty() ? List.of() : List.of(flaw.claim()));
    } catch (Malformed e) {
      assertThat(flaw.claim()).as(e.getMessage()).isEqualTo(NvidiaFlaw.MALFORMED);
      assertThat(e.field()).startsWith("NVIDIA report");
    }
  }

  @Test
  void productionAnchorsRefuseEverySimulation() throws Malformed {
    NvidiaForgery forgery = FORGER.forge(NvidiaFlaw.NONE, NONCE, NOW);
    Verdict verdict =
        Verifier.verify(forgery.evidence(), forgery.collateral(), PinnedAnchors.ANCHORS, NOW);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(verdict.checks()).extracting(Check::claim).containsExactly("chain");
  }

  @Test
  void withoutAnyCollateralItIsGenuineAndNotAccepted() throws Malformed {
    NvidiaForgery forgery = FORGER.forge(NvidiaFlaw.NONE, NONCE, NOW);
    Verdict verdict = Verifier.verify(forgery.evidence(), Collateral.NONE, NVIDIA.anchors(), NOW);
    assertThat(failed(verdict, PlatformPolicy.STRICT)).containsExactly("driver-rim", "vbios-rim");
    assertThat(failed(verdict, DEMANDING))
        .containsExactly("ocsp", "driver-rim", "driver-rim-ocsp", "vbios-rim", "vbios-rim-ocsp");
  }

  @Test
  void answersMayBeTooOldForAPolicy() throws Malformed {
    NvidiaForgery forgery = FORGER.forge(NvidiaFlaw.NONE, NONCE, NOW);
    Instant later = NOW.plus(Duration.ofHours(2));
    Verdict verdict =
        Verifier.verify(forgery.evidence(), forgery.collateral(), NVIDIA.anchors(), later);
    assertThat(
            PlatformChecks.of(claims(verdict), DEMANDING, later).stream()
                .filter(c -> !c.ok())
                .map(Check::claim))
        .containsExactly("ocsp", "driver-rim-ocsp", "vbios-rim-ocsp");
  }

  @Test
  void aGpuIsNoEnvironmentForALease() throws Malformed {
    NvidiaForgery forgery = FORGER.forge(NvidiaFlaw.NONE, NONCE, NOW);
    Verdict verdict =
        Verifier.verify(forgery.evidence(), forgery.collateral(), NVIDIA.anchors(), NOW);
    Measurements.Policy policy =
        new Measurements.Policy(
            List.of("genoa"),
            Map.of("genoa", new Measurements.TcbFloor(0, 0, 0, 0, 0)),
            0,
            List.of("UpToDate"),
            List.of(),
            true,
            false,
            true,
            7_200_000);
    Measurements.Entry entry =
        new Measurements.Entry(
            Tee.SEV_SNP, new HexBytes("5a".repeat(48)), "p", HASH, HexBytes.EMPTY, List.of());
    Measurements set =
        new Measurements(ID, 1, Optional.empty(), 0, List.of(entry), policy, 0, List.of());
    assertThat(Appraiser.appraise(verdict, set, Binding.to(HASH, NONCE, HASH), NOW))
        .isInstanceOfSatisfying(
            Appraisal.Refused.class,
            r -> {
              assertThat(r.refusal().claim()).isEqualTo("environment");
              assertThat(r.verified()).isEmpty();
            });
  }

  private static List<Check> checks(NvidiaForgery forgery) throws Malformed {
    Verdict verdict =
        Verifier.verify(forgery.evidence(), forgery.collateral(), NVIDIA.anchors(), NOW);
    List<Check> out = new ArrayList<>(verdict.checks());
    if (verdict instanceof Verdict.Genuine(NvidiaClaims claims, _)) {
      out.addAll(PlatformChecks.of(claims, DEMANDING, NOW));
      out.addAll(GpuBinding.checks(claims, statement(forgery.listed())));
    }
    return out;
  }

  private static List<String> failed(Verdict verdict, PlatformPolicy policy) {
    return PlatformChecks.of(claims(verdict), policy, NOW).stream()
        .filter(c -> !c.ok())
        .map(Check::claim)
        .toList();
  }

  private static NvidiaClaims claims(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Genuine(NvidiaClaims claims, _) -> claims;
      case Verdict other -> throw new AssertionError(other.toString());
    };
  }

  private static void saysWhatToDo(Check c) {
    assertThat(c.remedy()).isNotEmpty();
    assertThat(c.expected()).isNotEqualTo(c.got());
    assertThat(c.source()).startsWith("protocol §6.2");
  }

  private static EvidenceStatement statement(List<Hash> gpu) {
    return new EvidenceStatement(
        ID,
        ID,
        ID,
        1,
        1,
        HASH,
        CHALLENGE,
        IK,
        Bytes.of(new byte[1216]),
        HASH,
        HASH,
        HASH,
        HASH,
        HASH,
        HASH,
        Lease.ClockClass.NONE,
        "program/1",
        gpu,
        "");
  }
}
