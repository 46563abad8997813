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
import dev.leasehold.core.pki.PathSearch;
import dev.leasehold.core.pki.Window;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps that show a GPU's report to be genuine (protocol §6.2 step 10), one method each, in the
 * order NVIDIA's local verifier takes them. The first step that fails ends it.
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

  private NvidiaVerification(NvidiaReport report, CertificatePath chain, AliasCertificate alias) {
    this.report = report;
    this.chain = chain;
    this.alias = alias;
  }

  public static Verdict verify(
      NvidiaEvidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    Steps steps = new Steps();
    List<X509Certificate> candidates =
        Stream.concat(evidence.certificates().stream(), collateral.certificates().stream())
            .toList();
    List<X509Certificate> leaves =
        evidence.certificates().stream()
            .filter(c -> c.getBasicConstraints() < 0)
            .distinct()
            .toList();
    if (leaves.size() != 1) {
      return refused(steps, "one end-entity certificate", leaves.size() + " of them", SEND);
    }
    return switch (NvidiaPaths.ofDevice(leaves.getFirst(), candidates, anchors, now)) {
      case PathSearch.Missing(Fault f) -> refused(steps, f.expected(), f.got(), f.remedy());
      case PathSearch.Found(CertificatePath chain, _) ->
          verify(evidence.report(), chain, steps, now);
    };
  }

  private static Verdict verify(
      NvidiaReport report, CertificatePath chain, Steps steps, Instant now) {
    AliasCertificate alias;
    try {
      alias = AliasCertificate.parse(chain.leaf());
    } catch (Malformed e) {
      return refused(steps, e.field() + ": " + e.expected(), e.found(), SEND);
    }
    steps.take(
        Check.passed(
            CHAIN,
            "a path to the pinned device root, valid at " + now,
            alias.chip() + " " + alias.serial(),
            STEP_10));
    return new NvidiaVerification(report, chain, alias).run(steps);
  }

  private static Verdict refused(Steps steps, String expected, String got, String remedy) {
    steps.take(Check.failed(CHAIN, expected, got, STEP_10, remedy));
    return steps.refused();
  }

  private Verdict run(Steps steps) {
    boolean genuine =
        steps.takeAll(
            List.of(this::deviceKeySignedTheReport, this::signingKeyIsOfTheReportedFirmware));
    return genuine
        ? new Verdict.Genuine(new NvidiaClaims(report, alias, windows()), steps.taken())
        : steps.refused();
  }

  private List<Window> windows() {
    return chain.windows();
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
