package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.pki.Window;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The steps that show quotes to be genuine: the key is bound to a TPM, is of the right kind, signed
 * the quotes, and the registers are those quoted. The first step that fails ends it.
 */
public final class TpmVerification {
  private final TpmEvidence evidence;
  private final Collateral collateral;
  private final AkBinding binding;
  private final Instant now;

  private TpmVerification(
      TpmEvidence evidence, Collateral collateral, AkBinding binding, Instant now) {
    this.evidence = evidence;
    this.collateral = collateral;
    this.binding = binding;
    this.now = now;
  }

  public static Verdict verify(
      TpmEvidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    AkBinding binding = AkBinding.find(evidence, collateral, anchors, now);
    return new TpmVerification(evidence, collateral, binding, now).run();
  }

  private Verdict run() {
    List<Supplier<Check>> all = new ArrayList<>();
    all.add(binding::check);
    all.add(this::nothingInTheChainIsRevoked);
    all.add(this::keySignsOnlyWhatItsTpmStates);
    all.addAll(QuoteChecks.of(evidence.quotes(), evidence.key()));
    Steps steps = new Steps();
    return steps.takeAll(all)
        ? new Verdict.Genuine(
            new TpmClaims(evidence, log(), binding.check().got(), windows()), steps.taken())
        : steps.refused();
  }

  /** A missing list is no fault here: the authority's lists are not everywhere to be had. */
  private Check nothingInTheChainIsRevoked() {
    String expected = "no certificate of the key's chain revoked";
    List<RevocationList> asked = revocations();
    for (RevocationList list : asked) {
      Optional<Fault> fault = fault(list);
      if (fault.isPresent()) {
        Fault f = fault.get();
        return Check.failed("crl", f.expected(), f.got(), "RFC 5280 §6.3", f.remedy());
      }
    }
    String got = asked.isEmpty() ? "no list of its issuers to ask" : asked.size() + " lists";
    return Check.passed("crl", expected, got, "RFC 5280 §6.3");
  }

  private Optional<Fault> fault(RevocationList list) {
    CertificatePath path = path().orElseThrow();
    X509Certificate issuer =
        issuers(path).stream().filter(list::namesIssuer).findFirst().orElseThrow();
    return list.fault(Vendor.GOOGLE, issuer, path.certificates(), now);
  }

  /** Of each issuer of the chain the newest list. */
  private List<RevocationList> revocations() {
    List<X509Certificate> issuers = path().map(TpmVerification::issuers).orElse(List.of());
    return issuers.stream()
        .map(i ->
            collateral.revocations().stream()
                .filter(l -> l.namesIssuer(i))
                .max(Comparator.comparing(RevocationList::thisUpdate)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static List<X509Certificate> issuers(CertificatePath path) {
    List<X509Certificate> out = new ArrayList<>(path.certificates());
    out.removeFirst();
    out.add(path.root());
    return out;
  }

  /**
   * The public area tells what the key may do. Where only the bare key was sent, whoever vouches
   * for it vouches for this too: authorities certify, and owners should enrol, such keys alone.
   */
  private Check keySignsOnlyWhatItsTpmStates() {
    String expected = "fixedTPM, fixedParent, sensitiveDataOrigin, restricted, sign; not decrypt";
    List<String> faults = evidence.area().map(TpmPublic::attestationFaults).orElse(List.of());
    return Check.of(
        faults.isEmpty(),
        "ak-attributes",
        expected,
        faults.isEmpty()
            ? evidence.area().map(a -> "so").orElse("no public area sent: as vouched for")
            : String.join(", ", faults),
        "TPM 2.0 Part 2, TPMA_OBJECT",
        "quote with a restricted signing key that was made in the TPM and cannot leave it");
  }

  /** The log that came with the quotes, else the one the verifying party was handed apart. */
  private Optional<EventLog> log() {
    return evidence.log().or(() -> collateral.eventLogs().stream().findFirst());
  }

  private List<Window> windows() {
    List<Window> out = new ArrayList<>(path().map(CertificatePath::windows).orElse(List.of()));
    revocations().forEach(l -> out.add(l.window()));
    return out;
  }

  private Optional<CertificatePath> path() {
    return binding instanceof AkBinding.Certified(CertificatePath path, _)
        ? Optional.of(path)
        : Optional.empty();
  }
}
