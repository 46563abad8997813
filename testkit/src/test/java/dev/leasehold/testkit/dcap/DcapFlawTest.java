package dev.leasehold.testkit.dcap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.appraise.Assessment;
import dev.leasehold.core.appraise.Expectations;
import dev.leasehold.core.appraise.PlatformPolicy;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Refusal;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.dcap.DcapEvidence;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.PinnedAnchors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Quotes and collateral wrong in exactly one way are refused for exactly that. */
class DcapFlawTest {
  private static final boolean NIGHTLY = "nightly".equals(System.getProperty("leasehold.scale"));
  private static final List<DcapFlaw> FLAWS = List.of(DcapFlaw.values());
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final ReportData REPORT_DATA = new ReportData(new HexBytes("7e".repeat(64)));
  private static final Expectations EXPECTED =
      new Expectations(policy(), Optional.empty(), Optional.empty(), Optional.empty())
          .withReportData(REPORT_DATA);

  private static SimulatedIntel intel;
  private static DcapForger forger;

  @BeforeAll
  static void forgeOnePlatform() {
    intel = SimulatedIntel.create();
    forger = new DcapForger(intel);
  }

  /** Every flaw in one form that can have it, in turn; nightly in every form. */
  static Stream<Arguments> flawsInTheirForms() {
    return FLAWS.stream().flatMap(flaw -> forms(flaw).map(f -> Arguments.of(f, flaw)));
  }

  private static Stream<QuoteForm> forms(DcapFlaw flaw) {
    List<QuoteForm> fitting = Stream.of(QuoteForm.values()).filter(flaw::fits).toList();
    return NIGHTLY
        ? fitting.stream()
        : Stream.of(fitting.get(FLAWS.indexOf(flaw) % fitting.size()));
  }

  @Tag("AR-05")
  @ParameterizedTest
  @MethodSource("flawsInTheirForms")
  void isRefusedForItsOwnReason(QuoteForm form, DcapFlaw flaw) {
    DcapForgery forgery = forge(form, flaw);
    try {
      Assessment assessment = assess(forgery, intel.anchors());
      if (flaw.claim().isEmpty()) {
        assertThat(assessment.refusals()).isEmpty();
        assertThat(assessment.accepted()).isTrue();
        return;
      }
      assertThat(assessment.refusals())
          .as(assessment.checks().toString())
          .extracting(Refusal::claim)
          .containsExactly(flaw.claim());
      saysWhatToDo(assessment.refusals().getFirst());
    } catch (Malformed e) {
      assertThat(DcapFlaw.MALFORMED + e.field()).as(e.getMessage()).isEqualTo(flaw.claim());
    }
  }

  @ParameterizedTest
  @EnumSource(QuoteForm.class)
  void productionAnchorsRefuseEverySimulation(QuoteForm form) throws Malformed {
    Assessment assessment = assess(forge(form, DcapFlaw.NONE), PinnedAnchors.ANCHORS);
    assertThat(assessment.genuine()).isFalse();
    assertThat(assessment.refusals()).extracting(Refusal::claim).containsExactly("chain");
  }

  @ParameterizedTest
  @EnumSource(QuoteForm.class)
  void statusAndWindowsAreThoseOfTheCollateral(QuoteForm form) throws Malformed {
    VerifiedClaims claims = claims(forge(form, DcapFlaw.NONE));
    assertThat(claims.tcb().status()).isEqualTo("UpToDate");
    assertThat(claims.tcb().evaluation()).isEqualTo(IntelWords.EVALUATION);
    assertThat(claims.windows())
        .hasSize(8)
        .allMatch(w -> w.contains(NOW))
        .anyMatch(w -> w.what().contains(SimulatedIntel.SIGNER));
  }

  @Test
  void anUpdatedModuleUnderARunningDomainAsksForARelaunch() throws Malformed {
    DcapForgery forgery = forge(QuoteForm.TDX_V5_TD_1_5, DcapFlaw.MODULE_UPDATED_SINCE_LAUNCH);
    assertThat(claims(forgery).tcb().status()).isEqualTo("TDRelaunchAdvised");
  }

  /**
   * Of several statements that are valid at once the newest judges, in whatever order they come.
   */
  @Test
  void anOlderEvaluationBesideTheNewestDecidesNothing() throws Malformed {
    QuoteForm form = QuoteForm.TDX_V5_TD_1_5;
    DcapForgery good = forge(form, DcapFlaw.NONE);
    for (DcapFlaw replayed :
        new DcapFlaw[] {DcapFlaw.TCB_INFO_REPLAYED, DcapFlaw.QE_IDENTITY_REPLAYED}) {
      Collateral old = forge(form, replayed).collateral();
      assertThat(assess(good.evidence(), old.and(good.collateral())).accepted()).isTrue();
      assertThat(assess(good.evidence(), good.collateral().and(old)).accepted()).isTrue();
    }
  }

  /** Nor can an older statement undo what a newer one says. */
  @Test
  void anOlderStatementDoesNotOutvoteARevocation() throws Malformed {
    QuoteForm form = QuoteForm.TDX_V5_TD_1_5;
    DcapForgery revoked = forge(form, DcapFlaw.PLATFORM_REVOKED);
    Collateral older = forge(form, DcapFlaw.TCB_INFO_REPLAYED).collateral();
    for (Collateral both :
        new Collateral[] {older.and(revoked.collateral()), revoked.collateral().and(older)}) {
      assertThat(assess(revoked.evidence(), both).refusals())
          .extracting(Refusal::claim)
          .containsExactly("tcb");
    }
  }

  @Test
  void reportDataOfAnotherQuoteIsRefused() throws Malformed {
    DcapForgery forgery = forge(QuoteForm.SGX_V3, DcapFlaw.NONE);
    Expectations other = EXPECTED.withReportData(new ReportData(new HexBytes("00".repeat(64))));
    Verdict verdict =
        Verifier.verify(forgery.evidence(), forgery.collateral(), intel.anchors(), NOW);
    assertThat(Assessment.of(verdict, other, NOW).refusals())
        .extracting(Refusal::claim)
        .containsExactly("report-data");
  }

  private static DcapForgery forge(QuoteForm form, DcapFlaw flaw) {
    HexBytes measurement = new HexBytes("5a".repeat(form.isTdx() ? 48 : 32));
    return forger.forge(flaw, new DcapRequest(form, REPORT_DATA, measurement), NOW);
  }

  private static VerifiedClaims claims(DcapForgery forgery) throws Malformed {
    return assess(forgery, intel.anchors()).claims().orElseThrow();
  }

  private static Assessment assess(DcapForgery forgery, Anchors anchors) throws Malformed {
    return Assessment.of(
        Verifier.verify(forgery.evidence(), forgery.collateral(), anchors, NOW), EXPECTED, NOW);
  }

  private static Assessment assess(DcapEvidence evidence, Collateral collateral) {
    return Assessment.of(
        Verifier.verify(evidence, collateral, intel.anchors(), NOW), EXPECTED, NOW);
  }

  private static void saysWhatToDo(Refusal r) {
    assertThat(r.remedy()).isNotEmpty();
    assertThat(r.expected()).isNotEqualTo(r.got());
    assertThat(r.source()).isNotEmpty();
  }

  /** As strict as an owner's: no advisory, the newest evaluation, lists of this week. */
  private static PlatformPolicy policy() {
    PlatformPolicy strict = PlatformPolicy.STRICT;
    return new PlatformPolicy(
        strict.families(),
        strict.minTcb(),
        IntelWords.EVALUATION,
        strict.tcbStatus(),
        Optional.of(Set.of()),
        strict.smtAllowed(),
        strict.ciphertextHiding(),
        strict.aliasCheck(),
        Optional.of(Duration.ofDays(7)));
  }
}
