package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Ecdsa;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.PathSearch;
import dev.leasehold.core.pki.Vendor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the certificate of the PCK and proves its path to Intel's pinned root (protocol §6.2 step
 * 2). The root embedded in a quote counts for nothing; the pin decides.
 */
final class PckChain {
  private static final String CLAIM = "chain";
  private static final String PCK = "Intel SGX PCK Certificate";
  private static final Set<String> ISSUERS =
      Set.of("Intel SGX PCK Processor CA", "Intel SGX PCK Platform CA");
  private static final String FETCH =
      "send the platform's PCK certificate and its issuers as Intel's provisioning certification"
          + " service gives them";

  private final Quote quote;
  private final List<X509Certificate> candidates;
  private final Anchors anchors;
  private final Instant now;

  PckChain(DcapEvidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    this.quote = evidence.quote();
    this.candidates = new ArrayList<>(collateral.certificates());
    this.candidates.addAll(evidence.certificates());
    this.candidates.addAll(quote.certification().certificates());
    this.anchors = anchors;
    this.now = now;
  }

  sealed interface Result {}

  /** A proven path and what the PCK's certificate says. */
  record Proven(CertificatePath path, PckCertificate pck, Check check) implements Result {
    /** The certificate authority that issued the PCK's certificate. */
    X509Certificate issuer() {
      return path.certificates().getLast();
    }
  }

  record Broken(Check check) implements Result {}

  Result find() {
    Optional<X509Certificate> leaf = pckCertificate();
    if (leaf.isEmpty()) {
      return broken("a certificate named " + PCK, "none", FETCH);
    }
    PathSearch search =
        new PathSearch(Vendor.INTEL, anchors, Set.of(AnchorRole.INTEL_SGX_ROOT), candidates);
    return switch (search.from(leaf.get(), now)) {
      case PathSearch.Missing(Fault f) -> broken(f.expected(), f.got(), f.remedy());
      case PathSearch.Found(CertificatePath path, _) -> prove(path);
    };
  }

  private Result prove(CertificatePath path) {
    String issuer = Certificates.commonName(path.certificates().getLast()).orElse("nameless");
    if (!ISSUERS.contains(issuer) || path.leaf().getBasicConstraints() >= 0) {
      return broken(PCK + " issued by one of " + ISSUERS, "one issued by " + issuer, FETCH);
    }
    try {
      PckCertificate pck = PckCertificate.parse(path.leaf());
      return new Proven(
          path,
          pck,
          Check.passed(
              CLAIM,
              "a path to the pinned Intel SGX Root CA, valid at " + now,
              PCK + " by " + issuer,
              Source.VERIFY_PCK_CERTIFICATE));
    } catch (Malformed e) {
      return broken(e.field() + ": " + e.expected(), e.found(), FETCH);
    }
  }

  /** What the quote embeds, else the one among the other certificates whose key made it. */
  private Optional<X509Certificate> pckCertificate() {
    List<X509Certificate> embedded = quote.certification().certificates();
    if (!embedded.isEmpty()) {
      return Optional.of(embedded.getFirst()).filter(PckChain::isPck);
    }
    List<X509Certificate> named = candidates.stream().filter(PckChain::isPck).distinct().toList();
    return named.size() == 1
        ? Optional.of(named.getFirst())
        : named.stream().filter(this::signedTheQeReport).findFirst();
  }

  private boolean signedTheQeReport(X509Certificate c) {
    return Ecdsa.P256_SHA256.verifies(
        c.getPublicKey(), quote.qe().signedPart().toArray(), quote.qe().signature().bytes());
  }

  private static boolean isPck(X509Certificate c) {
    return Certificates.commonName(c).equals(Optional.of(PCK));
  }

  private static Broken broken(String expected, String got, String remedy) {
    return new Broken(Check.failed(CLAIM, expected, got, Source.VERIFY_PCK_CERTIFICATE, remedy));
  }
}
