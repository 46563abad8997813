package dev.leasehold.core.evidence.nitro;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Steps;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Ecdsa;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.pki.Window;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The steps that show an attestation document to be genuine, one method each, named for what it
 * proves, in the order of AWS attestation process §3.2.3. The first step that fails ends it. AWS
 * publishes no revocation list: certificates live hours to weeks instead.
 */
public final class NitroVerification {
  private static final String AWS = "AWS attestation process ";
  private static final String TAKE_ANOTHER =
      "let the enclave ask its security module for another document and send it unchanged";
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int KEY_CERT_SIGN = 5;

  /** How far the clock of the security module may run ahead of the verifier's. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final NitroEvidence evidence;
  private final NitroDocument document;
  private final Anchors anchors;
  private final Instant now;

  private NitroVerification(NitroEvidence evidence, Anchors anchors, Instant now) {
    this.evidence = evidence;
    this.document = evidence.document();
    this.anchors = anchors;
    this.now = now;
  }

  /** A document brings its whole chain, so no collateral is asked. */
  public static Verdict verify(NitroEvidence evidence, Anchors anchors, Instant now) {
    return new NitroVerification(evidence, anchors, now).run();
  }

  private Verdict run() {
    Steps steps = new Steps();
    boolean genuine =
        steps.takeAll(
            List.of(
                this::bundleBeginsWithThePinnedRoot,
                this::chainIsValid,
                this::everyKeyIsOnP384,
                this::certificatesAreUsedAsTheyAllow,
                this::leafSignedTheDocument,
                this::leafIsOfTheModule,
                this::documentIsOfTheLeafsTime));
    return genuine
        ? new Verdict.Genuine(new NitroClaims(document, path().windows()), steps.taken())
        : steps.refused();
  }

  private Check bundleBeginsWithThePinnedRoot() {
    X509Certificate root = document.cabundle().getFirst();
    boolean pinned =
        anchors.find(root).filter(a -> a.role() == AnchorRole.AWS_NITRO_ROOT).isPresent();
    return Check.of(
        pinned,
        "root",
        "the pinned " + AnchorRole.AWS_NITRO_ROOT,
        pinned ? Certificates.name(root) : "a root with SHA-256 " + Certificates.fingerprint(root),
        AWS + "§2.1",
        "only enclaves under the root of AWS are accepted; a simulated one never is");
  }

  private Check chainIsValid() {
    Optional<Fault> fault = path().fault(now);
    return fault
        .map(f -> Check.failed("chain", f.expected(), f.got(), AWS + "§3.2.3.1", f.remedy()))
        .orElseGet(() ->
            Check.passed(
                "chain",
                "every certificate issued by the one before it and valid at " + now,
                document.cabundle().size() + " certificates above the leaf",
                AWS + "§3.2.3.1"));
  }

  private Check everyKeyIsOnP384() {
    List<String> others =
        certificates()
            .filter(c -> !Ecdsa.P384_SHA384.isOfThisCurve(c.getPublicKey()))
            .map(Certificates::name)
            .toList();
    return Check.of(
        others.isEmpty(),
        "curve",
        "keys on P-384 alone",
        others.isEmpty() ? "keys on P-384 alone" : "another key in " + others,
        AWS + "§3.1",
        TAKE_ANOTHER);
  }

  /** What PKIX leaves open: that authorities say so, and that the leaf is none. */
  private Check certificatesAreUsedAsTheyAllow() {
    X509Certificate leaf = document.certificate();
    boolean leafSigns = leaf.getBasicConstraints() < 0 && mayUse(leaf, DIGITAL_SIGNATURE);
    boolean othersIssue =
        document.cabundle().stream()
            .allMatch(c -> c.getBasicConstraints() >= 0 && mayUse(c, KEY_CERT_SIGN));
    return Check.of(
        leafSigns && othersIssue,
        "key-usage",
        "a leaf for digital signatures under authorities for certificates",
        (leafSigns ? "a signing leaf" : "a leaf for something else")
            + (othersIssue ? " under authorities" : " under others"),
        AWS + "§3.2.3.2 and §3.2.3.3",
        TAKE_ANOTHER);
  }

  private Check leafSignedTheDocument() {
    boolean ok =
        Ecdsa.P384_SHA384.verifies(
            document.certificate().getPublicKey(),
            evidence.signed().toArray(),
            evidence.signature().toArray());
    return Check.of(
        ok,
        "signature",
        "ES384 by the key of the leaf certificate",
        ok ? "verified" : "not verified over these bytes with this key",
        AWS + "§3.2.1",
        TAKE_ANOTHER);
  }

  /** AWS names the leaf after the module and its region. */
  private Check leafIsOfTheModule() {
    String name = Certificates.commonName(document.certificate()).orElse("");
    return Check.of(
        name.startsWith(document.moduleId() + "."),
        "module-id",
        "a leaf certificate of " + document.moduleId(),
        name,
        AWS + "§2.2",
        TAKE_ANOTHER);
  }

  private Check documentIsOfTheLeafsTime() {
    Window leaf = Window.of(document.certificate());
    Instant latest = now.plus(SKEW);
    Instant got = document.timestamp();
    return Check.of(
        leaf.contains(got) && !got.isAfter(latest),
        "timestamp",
        "from " + leaf.notBefore() + " to " + leaf.notAfter() + ", not after " + latest,
        got.toString(),
        AWS + "§2.2",
        TAKE_ANOTHER + ", or mend the clock of the verifier");
  }

  /** From the leaf up; the root stands first in the bundle. */
  private CertificatePath path() {
    List<X509Certificate> bundle = document.cabundle();
    List<X509Certificate> below = new ArrayList<>(List.of(document.certificate()));
    below.addAll(bundle.subList(1, bundle.size()).reversed());
    return new CertificatePath(Vendor.AWS, below, bundle.getFirst());
  }

  private Stream<X509Certificate> certificates() {
    return Stream.concat(Stream.of(document.certificate()), document.cabundle().stream());
  }

  private static boolean mayUse(X509Certificate c, int usage) {
    boolean[] usages = c.getKeyUsage();
    return usages != null && usages[usage];
  }
}
