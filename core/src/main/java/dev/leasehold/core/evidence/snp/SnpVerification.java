package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Ecdsa;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.pki.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps that show a report to be genuine, one method each, named for what it proves, in the
 * order of protocol §6.2 steps 2 and 3. The first step that fails ends it.
 */
public final class SnpVerification {
  private static final String STEP_2 = "protocol §6.2 step 2";
  private static final String STEP_3 = "protocol §6.2 step 3";
  private static final int ECDSA_P384_SHA384 = 1;

  private final SnpReport report;
  private final CertificatePath chain;
  private final Family family;
  private final EndorsementKey endorsement;
  private final Optional<RevocationList> revocations;
  private final Instant now;

  private SnpVerification(
      SnpReport report, Collateral collateral, ChainSearch.Proven proven, Instant now) {
    this.report = report;
    this.chain = proven.chain();
    this.family = proven.family();
    this.endorsement = proven.endorsement();
    this.revocations = RevocationList.newest(collateral.revocations(), proven.chain().root(), now);
    this.now = now;
  }

  public static Verdict verify(
      SnpEvidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    return switch (new ChainSearch(evidence, collateral, anchors, now).find()) {
      case ChainSearch.Broken(Check check) -> refused(check);
      case ChainSearch.Proven proven ->
          new SnpVerification(evidence.report(), collateral, proven, now).run(proven.check());
    };
  }

  private static Verdict refused(Check check) {
    Steps steps = new Steps();
    steps.take(check);
    return steps.refused();
  }

  private Verdict run(Check chainCheck) {
    Steps steps = new Steps();
    steps.take(chainCheck);
    boolean genuine =
        steps.takeAll(
            List.of(
                this::oneFamilyInRootCertificateAndReport,
                this::nothingInTheChainIsRevoked,
                this::reportNamesTheKindOfKeyThatSignedIt,
                this::endorsedKeySignedTheReport,
                this::endorsementIsForThisChip,
                this::endorsementIsForTheReportedTcb,
                this::reportedTcbIsCommittedAndCurrent));
    return genuine
        ? new Verdict.Genuine(
            new SnpClaims(report, family, endorsement, revocations, windows()), steps.taken())
        : steps.refused();
  }

  private List<Window> windows() {
    return Stream.concat(chain.windows().stream(), revocations.stream().map(RevocationList::window))
        .toList();
  }

  private Check oneFamilyInRootCertificateAndReport() {
    boolean product = Family.ofProduct(endorsement.product()).equals(Optional.of(family));
    boolean cpuid =
        report.cpuid().map(c -> Family.ofCpuid(c).equals(Optional.of(family))).orElse(true);
    return Check.of(
        product && cpuid,
        "product",
        family.wireName() + ", as its root",
        "certificate for "
            + endorsement.product()
            + report.cpuid().map(c -> ", report with " + c).orElse(""),
        STEP_2,
        "send the endorsement certificate of the chip that made the report");
  }

  /** A missing list is no fault here; whether the owner demands one is a matter of appraisal. */
  private Check nothingInTheChainIsRevoked() {
    String expected = "no certificate of the chain revoked";
    if (revocations.isEmpty()) {
      return Check.passed("crl", expected, "no list of this root to ask", STEP_2);
    }
    RevocationList list = revocations.get();
    Optional<Fault> fault =
        list.fault(Vendor.AMD, chain.root(), chain.certificates().reversed(), now);
    return fault
        .map(f -> Check.failed("crl", f.expected(), f.got(), STEP_2, f.remedy()))
        .orElseGet(() -> Check.passed("crl", expected, "list of " + list.thisUpdate(), STEP_2));
  }

  private Check reportNamesTheKindOfKeyThatSignedIt() {
    int expected = endorsement.kind().signingKey();
    return Check.of(
        report.signer().signingKey() == expected,
        "signing-key",
        "SIGNING_KEY " + expected + " (" + endorsement.kind() + ")",
        "SIGNING_KEY " + report.signer().signingKey(),
        STEP_3,
        "send the certificate of the key that signed the report: VCEK for 0, VLEK for 1");
  }

  private Check endorsedKeySignedTheReport() {
    boolean ok = report.signatureAlgorithm() == ECDSA_P384_SHA384 && signatureVerifies();
    return Check.of(
        ok,
        "signature",
        "SIGNATURE_ALGO 1 (ECDSA P-384 with SHA-384) by the endorsed key",
        "SIGNATURE_ALGO "
            + report.signatureAlgorithm()
            + (ok ? ", verified" : ", not verified over these bytes with this key"),
        STEP_3,
        "take a new report and send it unchanged with the certificate of this chip");
  }

  private boolean signatureVerifies() {
    return Ecdsa.P384_SHA384.verifies(
        endorsement.key(), report.signedPart().bytes(), report.signature().bytes());
  }

  /** A masked report shows zeros; then the certificate alone names the chip. */
  private Check endorsementIsForThisChip() {
    if (endorsement.chipId().isEmpty()) {
      return Check.passed("chip-id", "no chip: a VLEK names none", "VLEK", STEP_3);
    }
    HexBytes expected =
        report.signer().chipMasked()
            ? HexBytes.of(new byte[64])
            : endorsement.chipId().orElseThrow();
    return Check.of(
        report.chipId().equals(expected),
        "chip-id",
        expected.hex(),
        report.chipId().hex(),
        STEP_3,
        "send the endorsement certificate of the chip that made the report");
  }

  private Check endorsementIsForTheReportedTcb() {
    Tcb reported = Tcb.decode(family, report.reportedTcb());
    return Check.of(
        reported.equals(endorsement.tcb()),
        "endorsed-tcb",
        endorsement.tcb().toString(),
        reported.toString(),
        STEP_3,
        "fetch the endorsement certificate for the TCB the report states");
  }

  private Check reportedTcbIsCommittedAndCurrent() {
    Tcb reported = Tcb.decode(family, report.reportedTcb());
    Tcb committed = Tcb.decode(family, report.committedTcb());
    Tcb current = Tcb.decode(family, report.currentTcb());
    return Check.of(
        committed.atLeast(reported) && current.atLeast(committed),
        "tcb-order",
        "REPORTED ≤ COMMITTED ≤ CURRENT",
        "reported " + reported + "; committed " + committed + "; current " + current,
        STEP_3,
        "commit the platform's firmware, so that it cannot be rolled back");
  }
}
