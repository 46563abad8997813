package dev.leasehold.testkit.snp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.appraise.Appraisal;
import dev.leasehold.core.appraise.Appraiser;
import dev.leasehold.core.appraise.Binding;
import dev.leasehold.core.appraise.PlatformChecks;
import dev.leasehold.core.appraise.PlatformPolicy;
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
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.evidence.snp.Tcb;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.pki.RevocationList;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Evidence wrong in exactly one way is refused for exactly that. */
class FlawTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final HexBytes MEASUREMENT = new HexBytes("5a".repeat(48));
  private static final Hash CONFIG = new Hash("cc".repeat(32));
  private static final Nonce NONCE = new Nonce("a5".repeat(32));
  private static final Binding BINDING = Binding.to(new Hash("ee".repeat(32)), NONCE, CONFIG);
  private static final ReportRequest REQUEST = ReportRequest.of(BINDING.reportData(), MEASUREMENT);
  private static final Measurements ACCEPTED = strict("genoa", 0, 10, 0, 23, 84);

  private static SimulatedAmd amd;
  private static SnpForger forger;

  @BeforeAll
  static void forgeOneChip() {
    amd = SimulatedAmd.shared();
    forger = new SnpForger(SimulatedChip.create(amd));
  }

  @Tag("AR-05")
  @Tag("AR-06")
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void isRefusedForItsOwnReason(Flaw flaw) {
    try {
      Appraisal appraisal = appraise(forger.forge(flaw, REQUEST, NOW));
      assertThat(appraisal.checks())
          .filteredOn(c -> !c.ok())
          .as(appraisal.checks().toString())
          .extracting(Check::claim)
          .containsExactly(flaw.claim());
      saysWhatToDo(((Appraisal.Refused) appraisal).refusal());
    } catch (Malformed e) {
      assertThat(flaw.claim()).as(e.getMessage()).isEqualTo(Flaw.MALFORMED);
      assertThat(e.field()).startsWith("SNP report");
    }
  }

  @Test
  void withoutAFlawItIsAccepted() throws Malformed {
    Appraisal appraisal = appraise(forger.forge(Flaw.NONE, REQUEST, NOW));
    assertThat(appraisal).isInstanceOf(Appraisal.Affirming.class);
    assertThat(appraisal.checks()).allMatch(Check::ok);
    assertThat(appraisal.and(List.of(Check.failed("platform", "a", "b", "s", "r"))))
        .isInstanceOf(Appraisal.Refused.class);
    assertThat(appraisal.and(List.of(Check.passed("platform", "a", "a", "s"))))
        .isInstanceOf(Appraisal.Affirming.class);
  }

  @Test
  void productionAnchorsRefuseEverySimulation() throws Malformed {
    Forgery forgery = forger.forge(Flaw.NONE, REQUEST, NOW);
    Verdict verdict =
        Verifier.verify(forgery.evidence(), forgery.collateral(), PinnedAnchors.ANCHORS, NOW);
    assertThat(verdict).isInstanceOf(Verdict.Refused.class);
    assertThat(verdict.checks()).extracting(Check::claim).containsExactly("chain");
  }

  @Test
  void theVerifiersOwnEndorsementCertificateComesBeforeTheHosts() throws Malformed {
    SimulatedChip chip = SimulatedChip.create(amd);
    Forgery bad = new SnpForger(chip).forge(Flaw.VCEK_EXPIRED, REQUEST, NOW);
    Collateral own = Collateral.ofCertificates(chip.certificates()).and(bad.collateral());
    assertThat(Verifier.verify(bad.evidence(), own, amd.anchors(), NOW))
        .isInstanceOf(Verdict.Genuine.class);
  }

  @Test
  void theNewestListOfTheRootDecides() throws Malformed {
    Forgery good = forger.forge(Flaw.NONE, REQUEST, NOW);
    Collateral both =
        Collateral.ofRevocations(
            List.of(
                amd.revocations(NOW.minusSeconds(600)),
                amd.revocations(NOW.minusSeconds(60), amd.ask())));
    assertThat(Verifier.verify(good.evidence(), both, amd.anchors(), NOW))
        .isInstanceOf(Verdict.Refused.class);
  }

  /** A byte of the list's issuer may turn it into another root's: then the list is missing. */
  @Test
  void everyByteOfTheRevocationListIsGuarded() throws Malformed {
    Forgery good = forger.forge(Flaw.NONE, REQUEST, NOW);
    byte[] list = good.revocations().getFirst().encoded();
    for (int i = 0; i < list.length; i++) {
      byte[] flipped = list.clone();
      flipped[i] ^= (byte) (1 << (i % 8));
      assertThat(clears(good, flipped)).as("byte %d", i).isFalse();
    }
    assertThat(clears(good, Arrays.copyOf(list, list.length + 1))).isFalse();
    assertThat(clears(good, Arrays.copyOf(list, list.length - 1))).isFalse();
    assertThat(clears(good, list)).isTrue();
  }

  @Test
  void everyVersionOfTheReportIsRead() throws Malformed {
    SimulatedChip chip = SimulatedChip.create(amd);
    for (int version = 2; version <= 5; version++) {
      ReportImage image = chip.image(REQUEST).u32(0, version);
      if (version < 3) {
        image.bytes(ReportImage.CPUID, new byte[3]);
      }
      SnpReport report = SnpReport.parse(chip.sign(image));
      assertThat(report.version()).isEqualTo(version);
      assertThat(report.cpuid().isPresent()).isEqualTo(version >= 3);
      Forgery good = forger.forge(Flaw.NONE, REQUEST, NOW);
      Verdict verdict =
          Verifier.verify(
              new SnpEvidence(report, chip.certificates()), good.collateral(), amd.anchors(), NOW);
      assertThat(Appraiser.appraise(verdict, ACCEPTED, BINDING, NOW))
          .isInstanceOf(Appraisal.Affirming.class);
    }
  }

  @Test
  void milanIsRefusedByTheStrictPolicyForItsFamily() throws Malformed {
    SimulatedAmd milan = SimulatedAmd.create(Family.MILAN, new SecureRandom());
    Forgery forgery = new SnpForger(SimulatedChip.create(milan)).forge(Flaw.NONE, REQUEST, NOW);
    Verdict verdict =
        Verifier.verify(forgery.evidence(), forgery.collateral(), milan.anchors(), NOW);
    if (verdict instanceof Verdict.Genuine(var claims, _)) {
      assertThat(PlatformChecks.of(claims, PlatformPolicy.STRICT, NOW))
          .filteredOn(c -> !c.ok())
          .extracting(Check::claim)
          .containsExactly("family", "tcb");
    } else {
      throw new AssertionError(verdict);
    }
  }

  @Test
  void turinAndMilanAreForgedInTheirOwnFormats() throws Malformed {
    for (Family family : List.of(Family.TURIN, Family.MILAN)) {
      SimulatedAmd other = SimulatedAmd.create(family, new SecureRandom());
      SimulatedChip chip = SimulatedChip.create(other);
      Forgery forgery = new SnpForger(chip).forge(Flaw.NONE, REQUEST, NOW);
      Verdict verdict =
          Verifier.verify(forgery.evidence(), forgery.collateral(), other.anchors(), NOW);
      Tcb t = chip.tcb();
      Measurements accepted =
          strict(family.wireName(), t.fmc(), t.bootloader(), t.tee(), t.snp(), t.microcode());
      assertThat(Appraiser.appraise(verdict, accepted, BINDING, NOW))
          .isInstanceOf(Appraisal.Affirming.class);
      assertThat(Appraiser.appraise(verdict, ACCEPTED, BINDING, NOW).checks())
          .filteredOn(c -> !c.ok())
          .extracting(Check::claim)
          .containsExactly("family", "tcb");
    }
  }

  private static boolean clears(Forgery good, byte[] list) {
    try {
      Collateral own = Collateral.ofRevocations(List.of(RevocationList.parse("list", list)));
      Verdict verdict = Verifier.verify(good.evidence(), own, amd.anchors(), NOW);
      return Appraiser.appraise(verdict, ACCEPTED, BINDING, NOW) instanceof Appraisal.Affirming;
    } catch (Malformed e) {
      return false;
    }
  }

  private static void saysWhatToDo(Refusal r) {
    assertThat(r.remedy()).isNotEmpty();
    assertThat(r.expected()).isNotEqualTo(r.got());
    assertThat(r.source()).startsWith("protocol §6.2");
  }

  private Appraisal appraise(Forgery forgery) throws Malformed {
    Verdict verdict = Verifier.verify(forgery.evidence(), forgery.collateral(), amd.anchors(), NOW);
    return Appraiser.appraise(verdict, ACCEPTED, BINDING, NOW);
  }

  private static Measurements strict(
      String family, int fmc, int bootloader, int tee, int snp, int microcode) {
    Measurements.Policy policy =
        new Measurements.Policy(
            List.of(family),
            Map.of(family, new Measurements.TcbFloor(fmc, bootloader, tee, snp, microcode)),
            0,
            List.of("UpToDate"),
            List.of(),
            false,
            true,
            true,
            604_800_000);
    Measurements.Entry entry =
        new Measurements.Entry(
            Tee.SEV_SNP, MEASUREMENT, "program/1", CONFIG, HexBytes.EMPTY, List.of());
    return new Measurements(
        new Id("00".repeat(16)), 1, Optional.empty(), 0, List.of(entry), policy, 0, List.of());
  }
}
