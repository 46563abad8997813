package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.PathSearch;
import dev.leasehold.core.pki.Vendor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
    return switch (search().from(leaves.getFirst(), now)) {
      case PathSearch.Missing(Fault fault) -> broken(fault.expected(), fault.got(), fault.remedy());
      case PathSearch.Found(CertificatePath chain, Anchor root) ->
          prove(chain, Family.ofRoot(root.role()).orElseThrow());
    };
  }

  private PathSearch search() {
    List<X509Certificate> candidates = new ArrayList<>(collateral.certificates());
    candidates.addAll(evidence.certificates());
    return new PathSearch(Vendor.AMD, anchors, Family.ROOTS, candidates);
  }

  private Result prove(CertificatePath chain, Family family) {
    try {
      EndorsementKey endorsement = EndorsementKey.parse(chain.leaf());
      String got = endorsement.kind() + " to the pinned " + family.root();
      return new Proven(
          chain,
          family,
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

  private static List<X509Certificate> endEntities(List<X509Certificate> certificates) {
    return certificates.stream().filter(c -> c.getBasicConstraints() < 0).distinct().toList();
  }

  private static Broken broken(String expected, String got, String remedy) {
    return new Broken(Check.failed(CLAIM, expected, got, SOURCE, remedy));
  }
}
