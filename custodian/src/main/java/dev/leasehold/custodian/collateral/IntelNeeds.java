package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.dcap.DcapEvidence;
import dev.leasehold.core.evidence.dcap.PckCertificate;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.custodian.collateral.IntelItem.Authority;
import dev.leasehold.custodian.collateral.IntelItem.Technology;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/** What an SGX or TDX quote takes: both lists, the TCB info of its platform, the QE identity. */
final class IntelNeeds {
  private static final String PCK = "Intel SGX PCK Certificate";

  private final Technology technology;
  private final List<X509Certificate> certificates;
  private final Collateral given;
  private final IntelUpdate update;
  private final Instant now;

  IntelNeeds(DcapEvidence evidence, Collateral given, IntelUpdate update, Instant now) {
    this.technology = evidence.kind() == EvidenceKind.SGX ? Technology.SGX : Technology.TDX;
    this.certificates =
        Stream.of(
                evidence.quote().certification().certificates(),
                evidence.certificates(),
                given.certificates())
            .flatMap(List::stream)
            .toList();
    this.given = given;
    this.update = update;
    this.now = now;
  }

  /** Nothing when no certificate says which platform it is. */
  List<Need> list() {
    return certificates.stream()
        .filter(c -> Certificates.commonName(c).equals(Optional.of(PCK)))
        .findFirst()
        .map(this::list)
        .orElse(List.of());
  }

  private List<Need> list(X509Certificate pck) {
    X500Principal issuer = pck.getIssuerX500Principal();
    Authority authority =
        issuer.getName().contains("PCK Processor CA") ? Authority.PROCESSOR : Authority.PLATFORM;
    Need lists = new Need(new IntelItem.PckRevocations(authority), !isListed(named(issuer)));
    Need root =
        new Need(
            new IntelItem.RootRevocations(),
            !isListed(named(issuer).flatMap(c -> named(c.getIssuerX500Principal()))));
    Need enclave =
        new Need(new IntelItem.QuotingEnclave(technology, update), !isQuotingEnclaveGiven());
    return fmspc(pck)
        .map(f -> new Need(new IntelItem.TcbInfos(technology, f, update), !isTcbInfoGiven(f)))
        .map(tcb -> List.of(lists, root, tcb, enclave))
        .orElse(List.of());
  }

  private static Optional<HexBytes> fmspc(X509Certificate pck) {
    try {
      return Optional.of(PckCertificate.parse(pck).fmspc());
    } catch (Malformed e) {
      return Optional.empty();
    }
  }

  private Stream<X509Certificate> named(X500Principal subject) {
    Predicate<X509Certificate> same = c -> c.getSubjectX500Principal().equals(subject);
    return certificates.stream().filter(same);
  }

  private boolean isListed(Stream<X509Certificate> issuers) {
    return issuers.anyMatch(i ->
        given.revocations().stream().anyMatch(l -> l.namesIssuer(i) && l.window().contains(now)));
  }

  private boolean isTcbInfoGiven(HexBytes fmspc) {
    return given.tcbInfos().stream()
        .filter(t -> t.id().equals(technology.name()) && t.fmspc().equals(fmspc))
        .anyMatch(t -> t.window().contains(now));
  }

  private boolean isQuotingEnclaveGiven() {
    return given.qeIdentities().stream()
        .filter(q -> q.id().equals(technology.quotingEnclave()))
        .anyMatch(q -> q.window().contains(now));
  }
}
