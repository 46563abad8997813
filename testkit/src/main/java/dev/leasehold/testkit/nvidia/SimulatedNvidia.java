package dev.leasehold.testkit.nvidia;

import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.testkit.pki.CertificateSpec;
import dev.leasehold.testkit.pki.Curve;
import dev.leasehold.testkit.pki.EcAuthority;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What NVIDIA is to GPUs: one hierarchy for devices and one for reference values, under keys of its
 * own. Its fingerprints are nowhere pinned, so production refuses all it makes.
 *
 * @param device root, identity, provisioner, BROM
 * @param rim root, L2, L3
 */
public record SimulatedNvidia(List<EcAuthority> device, List<EcAuthority> rim) {
  static final Instant FROM = Instant.parse("2022-01-01T00:00:00Z");
  static final Instant TO = Instant.parse("2049-12-31T23:59:59Z");

  public SimulatedNvidia {
    device = List.copyOf(device);
    rim = List.copyOf(rim);
  }

  public static SimulatedNvidia create() {
    return new SimulatedNvidia(
        hierarchy("Device Identity CA", "GH100 Identity", "GH100 Provisioner", "GH100 GSP BROM"),
        hierarchy("RIM Root CA", "Reference Value GH100 CA", "Reference Value L3 GH100"));
  }

  /** Anchors that accept this simulation and nothing else. */
  public Anchors anchors() {
    return new Anchors(
        List.of(pin(AnchorRole.NVIDIA_DEVICE_ROOT, device), pin(AnchorRole.NVIDIA_RIM_ROOT, rim)));
  }

  /** Who has issued a certificate of this simulation. */
  public EcAuthority issuerOf(X509Certificate c) {
    return Stream.concat(device.stream(), rim.stream())
        .filter(a -> a.certificate().getSubjectX500Principal().equals(c.getIssuerX500Principal()))
        .findFirst()
        .orElseThrow();
  }

  /** A subject under NVIDIA's naming. */
  static String name(String commonName) {
    return "CN=SIMULATED " + commonName + ",O=SIMULATED";
  }

  private static Anchor pin(AnchorRole role, List<EcAuthority> hierarchy) {
    return new Anchor(role, Certificates.fingerprint(hierarchy.getFirst().certificate()));
  }

  private static List<EcAuthority> hierarchy(String root, String... below) {
    List<EcAuthority> out = new ArrayList<>();
    int depth = below.length;
    out.add(EcAuthority.root(name(root), Curve.P384, FROM, TO, depth));
    for (String name : below) {
      KeyPair key = Curve.P384.newKey();
      depth--;
      out.add(
          out.getLast()
              .certify(
                  key, CertificateSpec.authority(name(name), key.getPublic(), FROM, TO, depth)));
    }
    return out;
  }
}
