package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.PathSearch;
import dev.leasehold.core.pki.Vendor;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The two hierarchies of NVIDIA's. A path has exactly the length NVIDIA gives it: a shorter one
 * would end in a key that is made for something else.
 */
final class NvidiaPaths {
  /** BROM, provisioner, identity: between a GPU's alias key and the device root. */
  private static final int DEVICE_INTERMEDIATES = 3;

  /** L3, L2: between a signer of reference values and their root. */
  private static final int RIM_INTERMEDIATES = 2;

  private static final int DIGITAL_SIGNATURE = 0;

  private NvidiaPaths() {}

  static PathSearch.Result ofDevice(
      X509Certificate leaf, List<X509Certificate> candidates, Anchors anchors, Instant now) {
    Set<AnchorRole> roles = Set.of(AnchorRole.NVIDIA_DEVICE_ROOT);
    return withPurpose(
        new PathSearch(Vendor.NVIDIA, anchors, roles, candidates)
            .from(leaf, DEVICE_INTERMEDIATES, now));
  }

  static PathSearch.Result ofRim(
      X509Certificate leaf, List<X509Certificate> candidates, Anchors anchors, Instant now) {
    Set<AnchorRole> roles = Set.of(AnchorRole.NVIDIA_RIM_ROOT);
    return withPurpose(
        new PathSearch(Vendor.NVIDIA, anchors, roles, candidates)
            .from(leaf, RIM_INTERMEDIATES, now));
  }

  private static PathSearch.Result withPurpose(PathSearch.Result result) {
    return result instanceof PathSearch.Found found
        ? purposeFault(found.path().leaf())
            .<PathSearch.Result>map(PathSearch.Missing::new)
            .orElse(found)
        : result;
  }

  /** OCSP responders have keys at the same depth; theirs are for answers only. */
  private static Optional<Fault> purposeFault(X509Certificate leaf) {
    return isForSignaturesAlone(leaf)
        ? Optional.empty()
        : Optional.of(
            new Fault(
                Certificates.name(leaf) + " for digital signatures and nothing else",
                "another key usage",
                "send the certificate of the key that signed, from " + Vendor.NVIDIA.source()));
  }

  private static boolean isForSignaturesAlone(X509Certificate leaf) {
    boolean[] usage = leaf.getKeyUsage();
    try {
      return usage != null && usage[DIGITAL_SIGNATURE] && leaf.getExtendedKeyUsage() == null;
    } catch (CertificateParsingException e) {
      return false;
    }
  }
}
