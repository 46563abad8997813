package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.nvidia.NvidiaPaths;
import dev.leasehold.core.evidence.nvidia.NvidiaRim;
import dev.leasehold.core.evidence.nvidia.RimAnswer;
import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.PathSearch;
import dev.leasehold.core.pki.Vendor;
import dev.leasehold.core.pki.Window;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** NVIDIA's answers: reference values in JSON, OCSP in DER; and the certificates those speak of. */
final class NvidiaProver {
  private static final Set<AnchorRole> ROOTS =
      Set.of(AnchorRole.NVIDIA_DEVICE_ROOT, AnchorRole.NVIDIA_RIM_ROOT);

  private final Anchors anchors;

  NvidiaProver(Anchors anchors) {
    this.anchors = anchors;
  }

  Proven prove(NvidiaItem item, Entry.Answer answer, Optional<Proven> issuer, Instant now)
      throws Malformed, Unproven {
    byte[] body = answer.body().toArray();
    return switch (item) {
      case NvidiaItem.ReferenceValues values -> referenceValues(values, body, now);
      case NvidiaItem.Status _ -> status(OcspAnswer.parse(item.id(), body), path(issuer), now);
      case NvidiaItem.Chain chain -> chain(chain, body, now);
    };
  }

  /** Values have no window of their own: they hold while the path of their signer does. */
  private Proven referenceValues(NvidiaItem.ReferenceValues item, byte[] body, Instant now)
      throws Malformed, Unproven {
    RimAnswer answer = RimAnswer.parse(item.id(), body);
    NvidiaRim rim = answer.rim();
    if (!answer.id().equals(item.rimId()) || !rim.isNamed(item.rimId())) {
      throw new Unproven(item.rimId(), answer.id() + ", which is for " + rim.version());
    }
    refuse(rim.fault(anchors, now));
    return switch (NvidiaPaths.ofRim(rim, anchors, now)) {
      case PathSearch.Missing(Fault fault) -> throw Unproven.of(fault);
      case PathSearch.Found(CertificatePath path, _) ->
          new Proven(Collateral.ofRims(List.of(rim)), path.windows(), edition(path));
    };
  }

  /** The vendor's word, whichever it is: to hold back a revocation would be to hide it. */
  private static Proven status(OcspAnswer answer, CertificatePath path, Instant now)
      throws Unproven {
    X509Certificate subject = path.leaf();
    refuse(answer.originFault(Vendor.NVIDIA, subject, path.issuer(), now));
    Instant issued = answer.about(subject, path.issuer()).orElseThrow().thisUpdate();
    List<Window> windows =
        Stream.concat(answer.windows().stream(), path.windows().stream()).toList();
    return new Proven(Collateral.ofOcspAnswers(List.of(answer)), windows, Edition.of(issued));
  }

  private Proven chain(NvidiaItem.Chain item, byte[] body, Instant now) throws Malformed, Unproven {
    List<X509Certificate> certificates = Certificates.parseAny(item.id(), body);
    if (certificates.size() < 2
        || !Certificates.fingerprint(certificates.getFirst()).equals(item.certificate())) {
      throw new Unproven(
          "certificate " + item.certificate() + " and those above it",
          certificates.stream().map(Certificates::name).toList().toString());
    }
    X509Certificate root = certificates.getLast();
    if (anchors.find(root).map(Anchor::role).filter(ROOTS::contains).isEmpty()) {
      throw new Unproven("a pinned root of NVIDIA's", Certificates.name(root));
    }
    CertificatePath path = path(certificates);
    refuse(path.fault(now));
    return new Proven(Collateral.ofCertificates(certificates), path.windows(), edition(path));
  }

  private static Edition edition(CertificatePath path) {
    return Edition.of(path.leaf().getNotBefore().toInstant());
  }

  /** Of what {@link NvidiaItem.Status#issuer} names, proven. */
  static CertificatePath path(Optional<Proven> issuer) throws Unproven {
    return path(
        issuer
            .map(p -> p.collateral().certificates())
            .orElseThrow(() -> new Unproven("the certificate and its issuers first", "none")));
  }

  private static CertificatePath path(List<X509Certificate> certificates) {
    return new CertificatePath(
        Vendor.NVIDIA, certificates.subList(0, certificates.size() - 1), certificates.getLast());
  }

  private static void refuse(Optional<Fault> fault) throws Unproven {
    if (fault.isPresent()) {
      throw Unproven.of(fault.get());
    }
  }
}
