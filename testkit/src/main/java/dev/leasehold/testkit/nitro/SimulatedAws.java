package dev.leasehold.testkit.nitro;

import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.testkit.pki.CertificateSpec;
import dev.leasehold.testkit.pki.Curve;
import dev.leasehold.testkit.pki.EcAuthority;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * What AWS is to its enclaves: a root, a region, a zone and an instance, each certified by the one
 * before, under keys of its own. Nothing it makes is pinned anywhere.
 */
final class SimulatedAws {
  static final String INSTANCE = "i-0a1b2c3d4e5f60718";

  private static final String REGION = ".eu-west-1.aws";
  private static final String INSTANCE_NAME = INSTANCE + REGION + ".nitro-enclaves";
  private static final Duration YEARS = Duration.ofDays(3650);
  private static final Duration WEEKS = Duration.ofDays(14);

  private final Instant now;
  private final EcAuthority root;
  private final EcAuthority region;
  private final KeyPair zoneKey = Curve.P384.newKey();
  private final KeyPair instanceKey = Curve.P384.newKey();
  private final KeyPair leafKey = Curve.P384.newKey();
  private final KeyPair smallKey = Curve.P256.newKey();

  SimulatedAws(Instant now) {
    this.now = now;
    this.root =
        EcAuthority.root(
            name("aws.nitro-enclaves"), Curve.P384, now.minus(YEARS), now.plus(YEARS), 8);
    KeyPair regionKey = Curve.P384.newKey();
    this.region = root.certify(regionKey, authority(regionKey, "7f3a" + REGION, 2));
  }

  /** Anchors that accept this simulation and nothing else. */
  Anchors anchors() {
    return new Anchors(
        List.of(
            new Anchor(AnchorRole.AWS_NITRO_ROOT, Certificates.fingerprint(root.certificate()))));
  }

  /**
   * The key that signs and the certificate that is to be its own, with the bundle from the root to
   * its issuer.
   */
  record Chain(KeyPair key, X509Certificate leaf, List<X509Certificate> bundle) {}

  Chain chain(NitroFlaw flaw) {
    EcAuthority zone = region.certify(zoneKey, zone(flaw));
    EcAuthority instance = zone.certify(instanceKey, authority(instanceKey, INSTANCE_NAME, 0));
    KeyPair key = flaw == NitroFlaw.LEAF_KEY_ON_P256 ? smallKey : leafKey;
    X509Certificate leaf =
        switch (flaw) {
          case LEAF_OF_FOREIGN_ISSUER -> namesake().issue(leaf(flaw, key));
          case LEAF_SIGNED_WITH_SHA256 -> instance.issue(leaf(flaw, key), "SHA256withECDSA");
          default -> instance.issue(leaf(flaw, key));
        };
    return new Chain(leafKey, leaf, bundle(flaw, zone.certificate(), instance.certificate()));
  }

  private List<X509Certificate> bundle(
      NitroFlaw flaw, X509Certificate zone, X509Certificate instance) {
    X509Certificate top = root.certificate();
    X509Certificate second = region.certificate();
    return switch (flaw) {
      case BUNDLE_EMPTY -> List.of();
      case ROOT_LAST -> List.of(second, zone, instance, top);
      case INTERMEDIATE_MISSING -> List.of(top, second, instance);
      case INTERMEDIATES_SWAPPED -> List.of(top, zone, second, instance);
      default -> List.of(top, second, zone, instance);
    };
  }

  private CertificateSpec zone(NitroFlaw flaw) {
    CertificateSpec spec = authority(zoneKey, "zonal" + REGION, 1);
    return switch (flaw) {
      case INTERMEDIATE_EXPIRED ->
          spec.withValidity(now.minus(WEEKS), now.minus(Duration.ofHours(1)));
      case INTERMEDIATE_IS_NO_AUTHORITY -> spec.withPathLength(OptionalInt.empty());
      case PATH_TOO_LONG -> spec.withPathLength(OptionalInt.of(0));
      default -> spec;
    };
  }

  private CertificateSpec leaf(NitroFlaw flaw, KeyPair key) {
    CertificateSpec spec =
        CertificateSpec.endEntity(
            name(module(flaw) + REGION),
            key.getPublic(),
            now.minus(Duration.ofHours(1)),
            now.plus(Duration.ofHours(2)));
    return switch (flaw) {
      case LEAF_EXPIRED ->
          spec.withValidity(now.minus(Duration.ofHours(4)), now.minus(Duration.ofHours(1)));
      case LEAF_NOT_YET_VALID ->
          spec.withValidity(now.plus(Duration.ofHours(1)), now.plus(Duration.ofHours(4)));
      case LEAF_IS_AN_AUTHORITY ->
          spec.withPathLength(OptionalInt.of(0))
              .withKeyUsage(KeyUsage.digitalSignature | KeyUsage.keyCertSign);
      case LEAF_MAY_NOT_SIGN -> spec.withKeyUsage(KeyUsage.keyAgreement);
      default -> spec;
    };
  }

  private static String module(NitroFlaw flaw) {
    return switch (flaw) {
      case LEAF_OF_ANOTHER_MODULE -> INSTANCE + "-enc00";
      case LEAF_OF_A_MODULE_WITH_THIS_PREFIX -> NitroForger.MODULE_ID + "0";
      default -> NitroForger.MODULE_ID;
    };
  }

  /** An authority under the name of the instance with a key of its own. */
  private EcAuthority namesake() {
    return EcAuthority.root(name(INSTANCE_NAME), Curve.P384, now.minus(WEEKS), now.plus(WEEKS), 0);
  }

  private CertificateSpec authority(KeyPair key, String commonName, int pathLength) {
    return CertificateSpec.authority(
        name(commonName), key.getPublic(), now.minus(WEEKS), now.plus(WEEKS), pathLength);
  }

  private static String name(String commonName) {
    return "CN=" + commonName + ",OU=AWS,O=SIMULATED Amazon,C=US";
  }
}
