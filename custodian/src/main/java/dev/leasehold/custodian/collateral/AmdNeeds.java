package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.snp.EndorsementKey;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.evidence.snp.Tcb;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.Anchors;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an SEV-SNP report takes: issuers, their revocation list, and the chip's certificate. */
final class AmdNeeds {
  private final SnpEvidence evidence;
  private final Collateral given;
  private final Anchors anchors;
  private final Instant now;
  private final List<X509Certificate> certificates;

  AmdNeeds(SnpEvidence evidence, Collateral given, Anchors anchors, Instant now) {
    this.evidence = evidence;
    this.given = given;
    this.anchors = anchors;
    this.now = now;
    this.certificates =
        Stream.concat(given.certificates().stream(), evidence.certificates().stream()).toList();
  }

  /** Nothing when the report does not show a family whose chips AMD endorses. */
  List<Need> list() {
    return family().map(this::list).orElse(List.of());
  }

  private List<Need> list(Family family) {
    SnpReport report = evidence.report();
    boolean chip = report.signer().signingKey() == 0;
    List<Need> out = new ArrayList<>();
    EndorsementKey.Kind kind = chip ? EndorsementKey.Kind.VCEK : EndorsementKey.Kind.VLEK;
    Optional<X509Certificate> root = root(family);
    out.add(new Need(new AmdItem.Chain(family, kind), !root.map(this::hasIssued).orElse(false)));
    out.add(new Need(new AmdItem.Revocations(family), !root.map(this::hasList).orElse(false)));
    // A VLEK is the cloud's secret to fetch, and a masked report names no chip to ask for.
    if (chip && !report.signer().chipMasked() && endorsements().findAny().isEmpty()) {
      out.add(new Need(vcek(family, report), true));
    }
    return out;
  }

  private static Item.Asked vcek(Family family, SnpReport report) {
    byte[] id = Arrays.copyOf(report.chipId().bytes(), AmdItem.hardwareIdBytes(family));
    return new AmdItem.Vcek(family, HexBytes.of(id), Tcb.decode(family, report.reportedTcb()));
  }

  /** A report before version 3 names no processor; then its certificate does. */
  private Optional<Family> family() {
    return evidence
        .report()
        .cpuid()
        .flatMap(Family::ofCpuid)
        .or(() -> endorsements().findFirst().flatMap(AmdNeeds::endorsedFamily));
  }

  private static Optional<Family> endorsedFamily(X509Certificate c) {
    try {
      return Family.ofProduct(EndorsementKey.parse(c).product());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private Stream<X509Certificate> endorsements() {
    return certificates.stream().filter(c -> c.getBasicConstraints() < 0);
  }

  private Optional<X509Certificate> root(Family family) {
    return certificates.stream()
        .filter(c -> anchors.find(c).map(Anchor::role).filter(r -> r == family.root()).isPresent())
        .findFirst();
  }

  private boolean hasIssued(X509Certificate root) {
    return certificates.stream()
        .filter(c -> c.getBasicConstraints() >= 0 && !c.equals(root))
        .anyMatch(c -> c.getIssuerX500Principal().equals(root.getSubjectX500Principal()));
  }

  private boolean hasList(X509Certificate root) {
    return given.revocations().stream()
        .anyMatch(l -> l.namesIssuer(root) && l.window().contains(now));
  }
}
