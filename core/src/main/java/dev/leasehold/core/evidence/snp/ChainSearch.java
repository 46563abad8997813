package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.Vendor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds and proves the path from an endorsement certificate to a pinned root (protocol §6.2 step
 * 2). The verifying party's own certificates come before those of the host.
 */
final class ChainSearch {
  private static final String CLAIM = "chain";
  private static final String SOURCE = "protocol §6.2 step 2";
  private static final String FETCH =
      "send the chip's endorsement certificate and its issuers as AMD's key server gives them";

  private final SnpEvidence evidence;
  private final Collateral collateral;
  private final Anchors anchors;
  private final Instant now;

  ChainSearch(SnpEvidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    this.evidence = evidence;
    this.collateral = collateral;
    this.anchors = anchors;
    this.now = now;
  }

  sealed interface Result {}

  /** A proven path, the family its root vouches for and what the endorsement certificate says. */
  record Proven(CertificatePath chain, Family family, EndorsementKey endorsement, Check check)
      implements Result {}

  record Broken(Check check) implements Result {}

  Result find() {
    List<X509Certificate> leaves = endorsementCertificates();
    if (leaves.size() != 1) {
      return broken("one endorsement certificate", leaves.size() + " of them", FETCH);
    }
    X509Certificate leaf = leaves.get(0);
    Optional<X509Certificate> intermediate = issuerOf(leaf).findFirst();
    if (intermediate.isEmpty()) {
      return missingIssuer(leaf);
    }
    Optional<X509Certificate> root = pinnedIssuerOf(intermediate.get());
    if (root.isEmpty()) {
      return unpinned(intermediate.get());
    }
    return prove(new CertificatePath(Vendor.AMD, List.of(leaf, intermediate.get()), root.get()));
  }

  private Result prove(CertificatePath chain) {
    Optional<Family> family = anchors.find(chain.root()).map(Anchor::role).flatMap(Family::ofRoot);
    Optional<Fault> fault = chain.fault(now);
    if (fault.isPresent()) {
      return broken(fault.get().expected(), fault.get().got(), fault.get().remedy());
    }
    if (family.isEmpty()) {
      return unpinned(chain.certificates().getLast());
    }
    try {
      EndorsementKey endorsement = EndorsementKey.parse(chain.leaf());
      String got = endorsement.kind() + " to the pinned " + family.get().root();
      return new Proven(
          chain,
          family.get(),
          endorsement,
          Check.passed(CLAIM, "a path to a pinned root, valid at " + now, got, SOURCE));
    } catch (Malformed e) {
      return broken(e.field() + ": " + e.expected(), e.found(), FETCH);
    }
  }

  /** The owner's copy, if it has one, else the host's. */
  private List<X509Certificate> endorsementCertificates() {
    List<X509Certificate> own = endEntities(collateral.certificates());
    return own.isEmpty() ? endEntities(evidence.certificates()) : own;
  }

  private Stream<X509Certificate> issuerOf(X509Certificate c) {
    return Stream.concat(collateral.certificates().stream(), evidence.certificates().stream())
        .filter(i -> i.getSubjectX500Principal().equals(c.getIssuerX500Principal()));
  }

  /** Several certificates may carry the root's name; only a pinned one is it. */
  private Optional<X509Certificate> pinnedIssuerOf(X509Certificate c) {
    return issuerOf(c).filter(i -> anchors.find(i).isPresent()).findFirst();
  }

  private Broken missingIssuer(X509Certificate c) {
    return broken("a certificate of " + c.getIssuerX500Principal().getName(), "none", FETCH);
  }

  private Broken unpinned(X509Certificate c) {
    return broken(
        "a pinned AMD root named " + c.getIssuerX500Principal().getName(),
        issuerOf(c).findAny().isPresent() ? "one with another fingerprint" : "none",
        "only hardware under AMD's own roots is accepted; a simulated platform never is");
  }

  private static List<X509Certificate> endEntities(List<X509Certificate> certificates) {
    return certificates.stream().filter(c -> c.getBasicConstraints() < 0).distinct().toList();
  }

  private static Broken broken(String expected, String got, String remedy) {
    return new Broken(Check.failed(CLAIM, expected, got, SOURCE, remedy));
  }
}
