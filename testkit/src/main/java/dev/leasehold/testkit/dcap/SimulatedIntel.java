package dev.leasehold.testkit.dcap;

import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.testkit.pki.CertificateSpec;
import dev.leasehold.testkit.pki.Curve;
import dev.leasehold.testkit.pki.EcAuthority;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;

/** Intel with keys of its own: a root, the two PCK authorities and the signer of TCB data. */
public final class SimulatedIntel {
  static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  static final Instant TO = Instant.parse("2049-12-31T23:59:59Z");
  static final String SIGNER = "Intel SGX TCB Signing";

  private final EcAuthority root;
  private final EcAuthority platformCa;
  private final EcAuthority processorCa;
  private final EcAuthority signer;

  private SimulatedIntel() {
    root = EcAuthority.root(name("Intel SGX Root CA"), Curve.P256, FROM, TO, 1);
    platformCa = authority("Intel SGX PCK Platform CA");
    processorCa = authority("Intel SGX PCK Processor CA");
    KeyPair key = Curve.P256.newKey();
    signer = root.certify(key, signerSpec(key));
  }

  public static SimulatedIntel create() {
    return new SimulatedIntel();
  }

  /** Anchors that accept this simulation and nothing else. */
  public Anchors anchors() {
    return new Anchors(
        List.of(
            new Anchor(AnchorRole.INTEL_SGX_ROOT, Certificates.fingerprint(root.certificate()))));
  }

  EcAuthority root() {
    return root;
  }

  EcAuthority platformCa() {
    return platformCa;
  }

  EcAuthority processorCa() {
    return processorCa;
  }

  EcAuthority signer() {
    return signer;
  }

  /** A further authority below the root. */
  EcAuthority authority(String commonName) {
    KeyPair key = Curve.P256.newKey();
    return root.certify(
        key, CertificateSpec.authority(name(commonName), key.getPublic(), FROM, TO, 0));
  }

  static CertificateSpec signerSpec(KeyPair key) {
    return CertificateSpec.endEntity(name(SIGNER), key.getPublic(), FROM, TO);
  }

  static String name(String commonName) {
    return "CN=" + commonName + ",O=SIMULATED Corporation,L=Santa Clara,ST=CA,C=US";
  }
}
