package dev.leasehold.testkit.nvidia;

import dev.leasehold.testkit.pki.CertificateSpec;
import dev.leasehold.testkit.pki.EcAuthority;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/** Makes the certificates of one GPU and of the signer of its reference values. */
final class ChainForger {
  private final SimulatedNvidia nvidia;
  private final SimulatedNvidia foreign = SimulatedNvidia.create();
  private final PublicKey aliasKey;
  private final PublicKey signerKey;

  ChainForger(SimulatedNvidia nvidia, PublicKey aliasKey, PublicKey signerKey) {
    this.nvidia = nvidia;
    this.aliasKey = aliasKey;
    this.signerKey = signerKey;
  }

  /** The alias's first, as a GPU's driver hands them out. */
  List<X509Certificate> device(NvidiaFlaw flaw, Instant now) {
    SimulatedNvidia source = flaw == NvidiaFlaw.UNPINNED_DEVICE_ROOT ? foreign : nvidia;
    List<X509Certificate> out = new ArrayList<>();
    out.add(alias(flaw, now));
    source.device().reversed().forEach(a -> out.add(a.certificate()));
    switch (flaw) {
      case ALIAS_MISSING -> out.removeFirst();
      case TWO_ALIASES -> out.add(alias(NvidiaFlaw.FIRMWARE_ID, now));
      case BROM_MISSING -> out.remove(1);
      case ROOT_MISSING -> out.removeLast();
      case DEVICE_CHAIN_UNDER_THE_RIM_ROOT -> {
        out.subList(1, out.size()).clear();
        nvidia.rim().reversed().forEach(a -> out.add(a.certificate()));
      }
      default -> {}
    }
    return out;
  }

  private X509Certificate alias(NvidiaFlaw flaw, Instant now) {
    CertificateSpec spec = aliasSpec(flaw);
    EcAuthority brom = nvidia.device().getLast();
    return switch (flaw) {
      case UNPINNED_DEVICE_ROOT, ALIAS_OF_FOREIGN_BROM -> foreign.device().getLast().issue(spec);
      case ALIAS_STRAIGHT_UNDER_THE_PROVISIONER -> nvidia.device().get(2).issue(spec);
      case DEVICE_CHAIN_UNDER_THE_RIM_ROOT -> nvidia.rim().getLast().issue(spec);
      case ALIAS_EXPIRED ->
          brom.issue(spec.withValidity(SimulatedNvidia.FROM, now.minusSeconds(1)));
      case ALIAS_NOT_YET_VALID ->
          brom.issue(spec.withValidity(now.plusSeconds(1), SimulatedNvidia.TO));
      case ALIAS_SIGNED_WITH_SHA256 -> brom.issue(spec, "SHA256withECDSA");
      default -> brom.issue(spec);
    };
  }

  private CertificateSpec aliasSpec(NvidiaFlaw flaw) {
    String chip = flaw == NvidiaFlaw.ANOTHER_ARCHITECTURE ? "GB100" : "GH100";
    String maker = flaw == NvidiaFlaw.ALIAS_OF_ANOTHER_MANUFACTURER ? "OTHER" : "NVIDIA";
    CertificateSpec plain =
        CertificateSpec.endEntity(
            SimulatedNvidia.name(chip + " GSP FMC LF"),
            aliasKey,
            SimulatedNvidia.FROM,
            SimulatedNvidia.TO);
    CertificateSpec named =
        flaw == NvidiaFlaw.ALIAS_WITHOUT_DEVICE_INFO
            ? plain
            : AliasExtensions.named(plain, maker, chip);
    CertificateSpec whole =
        flaw == NvidiaFlaw.ALIAS_WITHOUT_FIRMWARE_ID
            ? named
            : AliasExtensions.forFirmware(
                named, nvidia.device().getLast().key().getPublic(), ReportForger.FWID);
    return flaw == NvidiaFlaw.ALIAS_FOR_OCSP
        ? whole.withPurposes(KeyPurposeId.id_kp_OCSPSigning)
        : whole;
  }

  /** The signer of reference values and its issuers. */
  List<X509Certificate> rim(NvidiaFlaw flaw, Instant now) {
    CertificateSpec spec =
        CertificateSpec.endEntity(
            SimulatedNvidia.name("RIM L4 Signer"),
            signerKey,
            SimulatedNvidia.FROM,
            SimulatedNvidia.TO);
    List<EcAuthority> above =
        switch (flaw) {
          case RIM_UNDER_AN_UNPINNED_ROOT -> foreign.rim();
          case RIM_UNDER_THE_DEVICE_ROOT -> nvidia.device().subList(0, 3);
          case RIM_SIGNER_ABOVE_ITS_PLACE -> nvidia.rim().subList(0, 2);
          default -> nvidia.rim();
        };
    CertificateSpec actual =
        switch (flaw) {
          case RIM_SIGNER_EXPIRED -> spec.withValidity(SimulatedNvidia.FROM, now.minusSeconds(1));
          case RIM_SIGNER_FOR_OCSP -> spec.withPurposes(KeyPurposeId.id_kp_OCSPSigning);
          default -> spec;
        };
    List<X509Certificate> out = new ArrayList<>();
    out.add(above.getLast().issue(actual));
    above.reversed().forEach(a -> out.add(a.certificate()));
    if (flaw == NvidiaFlaw.RIM_WITHOUT_ITS_INTERMEDIATE) {
      out.remove(1);
    }
    return out;
  }
}
