package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.snp.EndorsementKey;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.pki.Window;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** AMD's answers: certificates as PEM or DER, revocation lists as DER. */
final class AmdProver {
  private final Anchors anchors;

  AmdProver(Anchors anchors) {
    this.anchors = anchors;
  }

  Proven prove(AmdItem item, Entry.Answer answer, Optional<Proven> issuer, Instant now)
      throws Malformed, Unproven {
    byte[] body = answer.body().toArray();
    return switch (item) {
      case AmdItem.Chain chain -> chain(chain, body, now);
      case AmdItem.Revocations _ -> revocations(body, issuersOf(issuer), now);
      case AmdItem.Vcek vcek -> vcek(vcek, body, issuersOf(issuer), now);
    };
  }

  /** The service gives the intermediate first and the root after it. */
  private Proven chain(AmdItem.Chain item, byte[] body, Instant now) throws Malformed, Unproven {
    List<X509Certificate> certificates = Certificates.parseAny(item.id(), body);
    if (certificates.size() != 2) {
      throw new Unproven("two certificates", certificates.size() + " of them");
    }
    X509Certificate root = certificates.get(1);
    requirePinned(item.family(), root);
    CertificatePath path = path(List.of(certificates.get(0)), root, now);
    return new Proven(
        Collateral.ofCertificates(certificates),
        path.windows(),
        Edition.of(certificates.get(0).getNotBefore().toInstant()));
  }

  private void requirePinned(Family family, X509Certificate root) throws Unproven {
    boolean pinned =
        anchors.find(root).map(Anchor::role).filter(r -> r == family.root()).isPresent();
    if (!pinned) {
      throw new Unproven(
          "the pinned root " + family.root(),
          Certificates.name(root) + " with fingerprint " + Certificates.fingerprint(root));
    }
  }

  private static Proven revocations(byte[] body, List<X509Certificate> issuers, Instant now)
      throws Malformed, Unproven {
    RevocationList list = RevocationList.parse("revocation list", body);
    Optional<Fault> fault = list.fault(Vendor.AMD, issuers.get(1), List.of(), now);
    if (fault.isPresent()) {
      throw Unproven.of(fault.get());
    }
    return new Proven(
        Collateral.ofRevocations(List.of(list)),
        List.of(list.window()),
        Edition.of(list.thisUpdate()));
  }

  private static Proven vcek(
      AmdItem.Vcek item, byte[] body, List<X509Certificate> issuers, Instant now)
      throws Malformed, Unproven {
    List<X509Certificate> certificates = Certificates.parseAny(item.id(), body);
    if (certificates.size() != 1) {
      throw new Unproven("one certificate", certificates.size() + " of them");
    }
    X509Certificate leaf = certificates.getFirst();
    CertificatePath path = path(List.of(leaf, issuers.get(0)), issuers.get(1), now);
    EndorsementKey key = EndorsementKey.parse(leaf);
    boolean asked =
        key.kind() == EndorsementKey.Kind.VCEK
            && key.hardwareId().equals(Optional.of(item.hardwareId()))
            && key.tcb().equals(item.tcb());
    if (!asked) {
      throw new Unproven(
          "the certificate of this chip at " + item.tcb(), "that of another, at " + key.tcb());
    }
    List<Window> windows = path.windows();
    return new Proven(
        Collateral.ofCertificates(certificates),
        windows,
        Edition.of(leaf.getNotBefore().toInstant()));
  }

  private static CertificatePath path(
      List<X509Certificate> certificates, X509Certificate root, Instant now) throws Unproven {
    CertificatePath path = new CertificatePath(Vendor.AMD, certificates, root);
    Optional<Fault> fault = path.fault(now);
    if (fault.isPresent()) {
      throw Unproven.of(fault.get());
    }
    return path;
  }

  private static List<X509Certificate> issuersOf(Optional<Proven> issuer) throws Unproven {
    return issuer
        .map(p -> p.collateral().certificates())
        .orElseThrow(() -> new Unproven("the issuers' certificates first", "none"));
  }
}
