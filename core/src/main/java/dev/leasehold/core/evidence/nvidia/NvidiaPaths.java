package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.CertificatePath;
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
import java.util.stream.Stream;

/**
 * The two hierarchies of NVIDIA's. A path has exactly the length NVIDIA gives it: a shorter one
 * would end in a key that is made for something else.
 */
public final class NvidiaPaths {
  /** BROM, provisioner, identity: between a GPU's alias key and the device root. */
  private static final int DEVICE_INTERMEDIATES = 3;

  /** L3, L2: between a signer of reference values and their root. */
  private static final int RIM_INTERMEDIATES = 2;

  private static final int DIGITAL_SIGNATURE = 0;

  private NvidiaPaths() {}

  /**
   * The path of the one key that can have signed the report.
   *
   * @param held certificates of the verifying party, which are tried before what the host sent
   */
  public static PathSearch.Result ofDevice(
      NvidiaEvidence evidence, List<X509Certificate> held, Anchors anchors, Instant now) {
    List<X509Certificate> leaves =
        evidence.certificates().stream()
            .filter(c -> c.getBasicConstraints() < 0)
            .distinct()
            .toList();
    if (leaves.size() != 1) {
      return new PathSearch.Missing(
          new Fault(
              "one end-entity certificate",
              leaves.size() + " of them",
              "send the report with the certificates of the GPU it is from"));
    }
    List<X509Certificate> candidates =
        Stream.concat(held.stream(), evidence.certificates().stream()).toList();
    Set<AnchorRole> roles = Set.of(AnchorRole.NVIDIA_DEVICE_ROOT);
    return withPurpose(
        new PathSearch(Vendor.NVIDIA, anchors, roles, candidates)
            .from(leaves.getFirst(), DEVICE_INTERMEDIATES, now));
  }

  /** The path of the key that can have signed the reference values. */
  public static PathSearch.Result ofRim(NvidiaRim rim, Anchors anchors, Instant now) {
    Set<AnchorRole> roles = Set.of(AnchorRole.NVIDIA_RIM_ROOT);
    return withPurpose(
        new PathSearch(Vendor.NVIDIA, anchors, roles, rim.certificates())
            .from(rim.certificates().getFirst(), RIM_INTERMEDIATES, now));
  }

  /**
   * The part of a device's path that responders know: its alias key is made anew for each firmware.
   */
  public static CertificatePath answerable(CertificatePath device) {
    return device.paths().get(1);
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
