package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Ecdsa;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.pki.Window;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps that show a quote to be genuine, one method each, in the order of Intel's quote
 * verification library. The first step that fails ends it. The platform's patch level is found
 * last; a platform that reaches no level at all is still genuine, with the status {@code
 * NotSupported}.
 */
public final class DcapVerification {
  private static final String NEW_QUOTE =
      "take a new quote and send it unchanged with the certificates of its platform";
  private static final String FETCH =
      "let the verifying party fetch it from " + Vendor.INTEL.source();

  private final Quote quote;
  private final PckChain.Proven chain;
  private final Endorsements endorsements;
  private final Collateral collateral;
  private final Anchors anchors;
  private final Instant now;

  private DcapVerification(
      Quote quote, PckChain.Proven chain, Collateral collateral, Anchors anchors, Instant now) {
    this.quote = quote;
    this.chain = chain;
    this.endorsements =
        Endorsements.choose(quote.body() instanceof TdReport, chain, collateral, anchors, now);
    this.collateral = collateral;
    this.anchors = anchors;
    this.now = now;
  }

  public static Verdict verify(
      DcapEvidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    return switch (new PckChain(evidence, collateral, anchors, now).find()) {
      case PckChain.Broken(Check check) -> refused(check);
      case PckChain.Proven proven ->
          new DcapVerification(evidence.quote(), proven, collateral, anchors, now).run();
    };
  }

  private static Verdict refused(Check check) {
    Steps steps = new Steps();
    steps.take(check);
    return steps.refused();
  }

  private Verdict run() {
    Steps steps = new Steps();
    boolean genuine =
        steps.takeAll(
            List.of(
                chain::check,
                this::rootHasNotRevokedTheIssuer,
                this::issuerHasNotRevokedThePck,
                this::tcbInfoIsIntels,
                this::qeIdentityIsIntels,
                this::tcbInfoIsOfThisPlatform,
                this::tdxModuleIsTheOneIntelSigned,
                this::pckSignedTheQeReport,
                this::qeReportNamesTheAttestationKey,
                this::quotingEnclaveIsIntels,
                this::attestationKeySignedTheQuote));
    return genuine ? new Verdict.Genuine(claims(), steps.taken()) : steps.refused();
  }

  private Check rootHasNotRevokedTheIssuer() {
    return notRevoked(endorsements.rootCrl(), chain.path().root(), chain.issuer());
  }

  private Check issuerHasNotRevokedThePck() {
    return notRevoked(endorsements.pckCrl(), chain.issuer(), chain.path().leaf());
  }

  private Check notRevoked(
      Optional<RevocationList> list, X509Certificate issuer, X509Certificate subject) {
    String expected = "a current list of " + name(issuer) + " without " + name(subject);
    String source = Source.VERIFY_PCK_REVOCATION_LIST;
    if (list.isEmpty()) {
      return Check.failed("crl", expected, "no list", source, FETCH);
    }
    return list.get()
        .fault(Vendor.INTEL, issuer, List.of(subject), now)
        .map(f -> failed("crl", f, source))
        .orElseGet(
            () -> Check.passed("crl", expected, "list of " + list.get().thisUpdate(), source));
  }

  private Check tcbInfoIsIntels() {
    return statement(
        "tcb-info",
        "TCB info of this kind of platform, signed by Intel and current",
        endorsements.tcbInfo(),
        Source.VERIFY_TCB_INFO);
  }

  private Check qeIdentityIsIntels() {
    return statement(
        "qe-identity",
        "the identity of this kind of Quoting Enclave, signed by Intel and current",
        endorsements.qeIdentity(),
        Source.VERIFY_ENCLAVE_IDENTITY);
  }

  private Check statement(
      String claim, String expected, Optional<? extends IntelStatement> statement, String source) {
    if (statement.isEmpty()) {
      return Check.failed(claim, expected, "none", source, FETCH);
    }
    Optional<Fault> fault = statement.get().fault(anchors, collateral.revocations(), now);
    String got = statement.get().name() + " of " + statement.get().issueDate();
    return fault
        .map(f -> failed(claim, f, source))
        .orElseGet(() -> Check.passed(claim, expected, got, source));
  }

  private Check tcbInfoIsOfThisPlatform() {
    return Check.of(
        chain.pck().isOf(tcbInfo()),
        "fmspc",
        "TCB info for FMSPC " + chain.pck().fmspc() + ", PCE-ID " + chain.pck().pceId(),
        "FMSPC " + tcbInfo().fmspc() + ", PCE-ID " + tcbInfo().pceId(),
        Source.VERIFY_QUOTE,
        FETCH);
  }

  private Check tdxModuleIsTheOneIntelSigned() {
    return switch (quote.body()) {
      case SgxReport _ ->
          Check.passed("tdx-module", "none in an SGX enclave", "none", Source.VERIFY_QUOTE);
      case TdReport td -> TdxModuleCheck.of(td, tcbInfo());
    };
  }

  private Check pckSignedTheQeReport() {
    boolean ok =
        Ecdsa.P256_SHA256.verifies(
            chain.pck().key(), quote.qe().signedPart().toArray(), quote.qe().signature().bytes());
    return signature(ok, "qe-signature", "the Quoting Enclave's report signed by the PCK");
  }

  private Check qeReportNamesTheAttestationKey() {
    HexBytes expected =
        new HexBytes(
            Digests.sha256(
                        quote.attestationKey().bytes(), quote.qe().authenticationData().toArray())
                    .hex()
                + "00".repeat(32));
    HexBytes got = quote.qe().report().reportData().value();
    return Check.of(
        got.equals(expected),
        "qe-binding",
        "report data of the Quoting Enclave: " + expected,
        got.hex(),
        Source.VERIFY_QUOTE,
        NEW_QUOTE);
  }

  private Check quotingEnclaveIsIntels() {
    return QeIdentityCheck.of(quote.qe().report(), qeIdentity());
  }

  private Check attestationKeySignedTheQuote() {
    return signature(
        quoteSignatureVerifies(), "signature", "header and body signed by the attestation key");
  }

  private boolean quoteSignatureVerifies() {
    try {
      return Ecdsa.P256_SHA256.verifies(
          Ecdsa.P256_SHA256.key("attestation key", quote.attestationKey().bytes()),
          quote.signedPart().toArray(),
          quote.signature().bytes());
    } catch (Malformed e) {
      return false;
    }
  }

  private DcapClaims claims() {
    Findings findings =
        new Findings(
            chain.pck(),
            tcb(),
            tcbInfo(),
            qeIdentity(),
            endorsements.revocations(),
            windows(),
            collateral.eventLogs().stream().findFirst());
    return switch (quote.body()) {
      case SgxReport report -> new SgxClaims(quote, report, findings);
      case TdReport report -> new TdxClaims(quote, report, findings);
    };
  }

  /** The level, once everything it is derived from is shown to be genuine. */
  private TcbResult tcb() {
    Optional<TdTcb> td =
        quote.body() instanceof TdReport r
            ? Optional.of(new TdTcb(r.teeTcbSvn(), r.teeTcbSvn2()))
            : Optional.empty();
    return TcbLevels.judge(
        chain.pck().tcb(), td, tcbInfo(), qeIdentity(), quote.qe().report().isvSvn());
  }

  private List<Window> windows() {
    List<Window> out = new ArrayList<>(chain.path().windows());
    endorsements.revocations().forEach(l -> out.add(l.window()));
    out.addAll(tcbInfo().windows(anchors, now));
    out.addAll(qeIdentity().windows(anchors, now));
    return out.stream().distinct().toList();
  }

  private TcbInfo tcbInfo() {
    return endorsements.tcbInfo().orElseThrow();
  }

  private QeIdentity qeIdentity() {
    return endorsements.qeIdentity().orElseThrow();
  }

  private static Check signature(boolean ok, String claim, String expected) {
    return Check.of(
        ok,
        claim,
        expected,
        ok ? "verified" : "not verified over these bytes with this key",
        Source.VERIFY_QUOTE,
        NEW_QUOTE);
  }

  private static Check failed(String claim, Fault fault, String source) {
    return Check.failed(claim, fault.expected(), fault.got(), source, fault.remedy());
  }

  private static String name(X509Certificate c) {
    return Certificates.commonName(c).orElseGet(() -> Certificates.name(c));
  }
}
