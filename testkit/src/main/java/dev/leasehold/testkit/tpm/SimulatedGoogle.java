package dev.leasehold.testkit.tpm;

import dev.leasehold.core.pki.Anchor;
import dev.leasehold.core.pki.AnchorRole;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.testkit.pki.CertificateSpec;
import dev.leasehold.testkit.pki.RsaAuthority;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;

/** What Google is to a virtual TPM: a root and an intermediate that certify attestation keys. */
public record SimulatedGoogle(RsaAuthority root, RsaAuthority intermediate) {
  private static final String NAME = "O=SIMULATED Google LLC,OU=Google Cloud,CN=EK/AK CA ";
  private static final Instant FROM = Instant.parse("2022-07-08T00:00:00Z");
  private static final Instant TO = Instant.parse("2122-07-08T00:00:00Z");

  public static SimulatedGoogle create() {
    RsaAuthority root = RsaAuthority.root(NAME + "Root", FROM, TO);
    var key = RsaAuthority.newKey();
    CertificateSpec spec =
        CertificateSpec.authority(NAME + "Intermediate", key.getPublic(), FROM, TO, 0);
    return new SimulatedGoogle(root, root.certify(key, spec));
  }

  /** Anchors that accept this simulation and nothing else. */
  public Anchors anchors() {
    return new Anchors(
        List.of(
            new Anchor(AnchorRole.GOOGLE_VTPM_ROOT, Certificates.fingerprint(root.certificate()))));
  }

  /** What the certificate of an attestation key is to say. */
  CertificateSpec attestationKey(PublicKey key) {
    return CertificateSpec.endEntity(
        "L=nowhere1-a,O=SIMULATED Compute Engine,OU=project,CN=4711",
        key,
        Instant.parse("2024-01-01T00:00:00Z"),
        Instant.parse("2054-01-01T00:00:00Z"));
  }
}
