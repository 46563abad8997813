package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Ecdsa;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.PathSearch;
import dev.leasehold.core.pki.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The steps that show a GPU's report to be genuine (protocol §6.2 step 10), one method each: first
 * who says it, then what it says, in the order in which it was measured, VBIOS before driver. The
 * first step that fails ends it.
 */
public final class NvidiaVerification {
  static final String STEP_10 = "protocol §6.2 step 10";
  private static final String SPDM = STEP_10 + "; DSP0274 1.1 §10.11";
  private static final String DICE = STEP_10 + "; TCG DICE §6.1.1";
  private static final String CHAIN = "chain";
  private static final String SEND = "send the report with the certificates of the GPU it is from";

  private final NvidiaReport report;
  private final CertificatePath chain;
  private final AliasCertificate alias;
  private final PathStatus status;
  private final RimComparison driver;
  private final RimComparison vbios;

  private NvidiaVerification(
      NvidiaReport report,
      CertificatePath chain,
      AliasCertificate alias,
      Collateral collateral,
      Anchors anchors,
      Instant now) {
    this.report = report;
    this.chain = chain;
    this.alias = alias;
    this.status = PathStatus.of(NvidiaPaths.answerable(chain), collateral.ocspAnswers(), now);
    this.driver = new RimComparison(RimKind.DRIVER, report, alias.chip(), collateral, anchors, now);
    this.vbios = new RimComparison(RimKind.VBIOS, report, alias.chip(), collateral, anchors, now);
  }

  public static Verdict verify(
      NvidiaEvidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    return switch (NvidiaPaths.ofDevice(evidence, collateral.certificates(), anchors, now)) {
      case PathSearch.Missing(Fault f) -> refused(f.expected(), f.got(), f.remedy());
      case PathSearch.Found(CertificatePath chain, _) -> {
        try {
          AliasCertificate alias = AliasCertificate.parse(chain.leaf());
          yield new NvidiaVerification(evidence.report(), chain, alias, collateral, anchors, now)
              .run(now);
        } catch (Malformed e) {
          yield refused(e.field() + ": " + e.expected(), e.found(), SEND);
        }
      }
    };
  }

  private static Verdict refused(String expected, String got, String remedy) {
    Steps steps = new Steps();
    steps.take(Check.failed(CHAIN, expected, got, STEP_10, remedy));
    return steps.refused();
  }

  private Verdict run(Instant now) {
    Steps steps = new Steps();
    steps.take(
        Check.passed(
            CHAIN,
            "a path to the pinned device root, valid at " + now,
            alias.chip() + " " + alias.serial(),
            STEP_10));
    if (!steps.takeAll(
        List.of(
            this::nothingInTheChainIsRevoked,
            this::deviceKeySignedTheReport,
            this::signingKeyIsOfTheReportedFirmware))) {
      return steps.refused();
    }
    RimComparison.Result byVbios = vbios.compare();
    if (!byVbios.checks().stream().allMatch(steps::take)) {
      return steps.refused();
    }
    RimComparison.Result byDriver = driver.compare();
    if (!byDriver.checks().stream().allMatch(steps::take)) {
      return steps.refused();
    }
    return steps.take(noIndexHasTwoReferences(byDriver.matched(), byVbios.matched()))
        ? new Verdict.Genuine(claims(byDriver.matched(), byVbios.matched()), steps.taken())
        : steps.refused();
  }

  private NvidiaClaims claims(Optional<VerifiedRim> byDriver, Optional<VerifiedRim> byVbios) {
    List<Window> windows = new ArrayList<>(chain.windows());
    status.answers().stream().map(OcspAnswer::windows).forEach(windows::addAll);
    byDriver.map(VerifiedRim::windows).ifPresent(windows::addAll);
    byVbios.map(VerifiedRim::windows).ifPresent(windows::addAll);
    return new NvidiaClaims(report, alias, status.clearedAt(), byDriver, byVbios, windows);
  }

  private Check nothingInTheChainIsRevoked() {
    String expected = "no certificate of the chain revoked";
    return status
        .fault()
        .map(f -> Check.failed("ocsp", f.expected(), f.got(), STEP_10, f.remedy()))
        .orElseGet(() -> Check.passed("ocsp", expected, status.describe(), STEP_10));
  }

  /** Two sets of values that speak of one index leave open which of them is meant. */
  private static Check noIndexHasTwoReferences(
      Optional<VerifiedRim> byDriver, Optional<VerifiedRim> byVbios) {
    Set<Integer> both = new TreeSet<>(byDriver.map(VerifiedRim::active).orElse(Set.of()));
    both.retainAll(byVbios.map(VerifiedRim::active).orElse(Set.of()));
    return Check.of(
        both.isEmpty(),
        "rim-indices",
        "each index active in one set of reference values",
        both.isEmpty() ? "no index in both" : both + " in both",
        STEP_10,
        "fetch the reference values of exactly this driver and this VBIOS");
  }

  private Check deviceKeySignedTheReport() {
    boolean ok = isSignedBy(alias, report);
    return Check.of(
        ok,
        "signature",
        "ECDSA P-384 with SHA-384 over request and answer by the GPU's key",
        ok ? "verified" : "not verified over these bytes with this key",
        SPDM,
        "take a new report and send it unchanged with the certificates of this GPU");
  }

  static boolean isSignedBy(AliasCertificate alias, NvidiaReport report) {
    return Ecdsa.P384_SHA384.verifies(
        alias.key(), report.signedPart().toArray(), report.signature().bytes());
  }

  /** Reports of older firmware name no firmware; the certificate of the key always does. */
  private Check signingKeyIsOfTheReportedFirmware() {
    Optional<HexBytes> endorsed = alias.fwid();
    Optional<HexBytes> reported = report.opaque().fwid();
    return Check.of(
        endorsed.isPresent() && reported.map(endorsed.get()::equals).orElse(true),
        "fwid",
        endorsed.map(HexBytes::hex).orElse("a DICE extension in the GPU's certificate"),
        endorsed.isEmpty() ? "none" : reported.map(HexBytes::hex).orElse("not reported"),
        DICE,
        SEND);
  }
}
