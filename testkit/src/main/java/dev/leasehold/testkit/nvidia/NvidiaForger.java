package dev.leasehold.testkit.nvidia;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.testkit.pki.Curve;
import dev.leasehold.testkit.pki.EcAuthority;
import dev.leasehold.testkit.pki.OcspFlaw;
import dev.leasehold.testkit.pki.OcspForger;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Makes the evidence of one GPU, right in everything but the flaw asked for. */
public final class NvidiaForger {
  private static final List<Integer> DRIVER_INDICES =
      List.of(
          ReportForger.FIRST_OF_DRIVER, 21, 22, ReportForger.DECODER, ReportForger.LAST_OF_DRIVER);

  private static final List<Integer> VBIOS_INDICES = List.of(ReportForger.FIRST_OF_VBIOS, 1, 2, 8);

  private final SimulatedNvidia nvidia;
  private final KeyPair aliasKey = Curve.P384.newKey();
  private final KeyPair signerKey = Curve.P384.newKey();
  private final ReportForger reports = new ReportForger(aliasKey.getPrivate());
  private final ChainForger chains;

  public NvidiaForger(SimulatedNvidia nvidia) {
    this.nvidia = nvidia;
    this.chains = new ChainForger(nvidia, aliasKey.getPublic(), signerKey.getPublic());
  }

  /** Evidence over {@code nonce}, and collateral that is an hour old at {@code now}. */
  public NvidiaForgery forge(NvidiaFlaw flaw, Nonce nonce, Instant now) {
    byte[] report = reports.forge(flaw, nonce);
    List<X509Certificate> vbiosSigner = chains.rim(NvidiaFlaw.NONE, now);
    List<X509Certificate> driverSigner = chains.rim(flaw, now);
    return new NvidiaForgery(
        Bytes.of(report),
        chains.device(flaw, now),
        rims(flaw, vbiosSigner, driverSigner),
        answers(flaw, vbiosSigner.getFirst(), driverSigner.getFirst(), now),
        flaw == NvidiaFlaw.REPORT_NOT_LISTED ? List.of() : List.of(Digests.sha256(report)));
  }

  private List<String> rims(
      NvidiaFlaw flaw, List<X509Certificate> vbiosSigner, List<X509Certificate> driverSigner) {
    List<String> out = new ArrayList<>();
    if (flaw != NvidiaFlaw.VBIOS_RIM_MISSING) {
      out.add(vbiosRim(flaw).sign(signerKey.getPrivate(), vbiosSigner));
    }
    if (flaw != NvidiaFlaw.DRIVER_RIM_MISSING) {
      out.add(driverRim(flaw, driverSigner));
    }
    return out;
  }

  private static RimImage vbiosRim(NvidiaFlaw flaw) {
    boolean other = flaw == NvidiaFlaw.VBIOS_RIM_OF_ANOTHER_VERSION;
    RimImage image =
        new RimImage(chip(flaw), other ? "96.00.9F.00.02" : "96.00.9F.00.01", RimImage.NVIDIA_ID);
    VBIOS_INDICES.forEach(i -> image.expect(i, GpuReportImage.measurement(i)));
    return image;
  }

  private String driverRim(NvidiaFlaw flaw, List<X509Certificate> certificates) {
    RimImage image =
        new RimImage(
            flaw == NvidiaFlaw.RIM_FOR_ANOTHER_CHIP ? "GB100" : chip(flaw),
            flaw == NvidiaFlaw.DRIVER_RIM_OF_ANOTHER_VERSION ? "550.90.08" : "550.90.07",
            flaw == NvidiaFlaw.RIM_OF_ANOTHER_MANUFACTURER ? "343" : RimImage.NVIDIA_ID);
    DRIVER_INDICES.forEach(i -> image.expect(i, GpuReportImage.measurement(i)));
    int first = ReportForger.FIRST_OF_DRIVER;
    switch (flaw) {
      case SECOND_ALTERNATIVE ->
          image.expect(first, ReportForger.WRONG, GpuReportImage.measurement(first));
      case INDEX_IN_BOTH_RIMS -> image.expect(0, GpuReportImage.measurement(0));
      default -> {}
    }
    KeyPair key = flaw == NvidiaFlaw.RIM_SIGNED_BY_ANOTHER_KEY ? aliasKey : signerKey;
    String xml = image.sign(key.getPrivate(), certificates);
    return flaw == NvidiaFlaw.RIM_CHANGED_AFTER_SIGNING
        ? xml.replace("Measurement_63", "Measurement_64")
        : xml;
  }

  private static String chip(NvidiaFlaw flaw) {
    return flaw == NvidiaFlaw.ANOTHER_ARCHITECTURE ? "GB100" : "GH100";
  }

  private List<OcspAnswer> answers(
      NvidiaFlaw flaw, X509Certificate vbiosSigner, X509Certificate driverSigner, Instant now) {
    List<OcspAnswer> out = new ArrayList<>();
    List<EcAuthority> device = nvidia.device();
    for (int i = 0; i < device.size() - 1; i++) {
      if (flaw != NvidiaFlaw.ANSWER_MISSING || i > 0) {
        X509Certificate subject = device.get(i + 1).certificate();
        out.add(answer(device.get(i), subject, deviceFlaw(flaw, i), now));
      }
    }
    List<EcAuthority> rim = nvidia.rim();
    EcAuthority issuer = rim.getLast();
    OcspFlaw signerFlaw = flaw == NvidiaFlaw.RIM_SIGNER_REVOKED ? OcspFlaw.REVOKED : OcspFlaw.NONE;
    out.add(answer(rim.get(0), rim.get(1).certificate(), OcspFlaw.NONE, now));
    out.add(answer(rim.get(1), issuer.certificate(), OcspFlaw.NONE, now));
    out.add(answer(issuer, driverSigner, signerFlaw, now));
    if (flaw != NvidiaFlaw.RIM_ANSWER_MISSING) {
      out.add(answer(issuer, vbiosSigner, OcspFlaw.NONE, now));
    }
    return out;
  }

  /** Subject 0 is the identity, 1 the provisioner, 2 the BROM. */
  private static OcspFlaw deviceFlaw(NvidiaFlaw flaw, int subject) {
    return switch (flaw) {
      case BROM_REVOKED -> subject == 2 ? OcspFlaw.REVOKED : OcspFlaw.NONE;
      case BROM_ON_HOLD -> subject == 2 ? OcspFlaw.ON_HOLD : OcspFlaw.NONE;
      case PROVISIONER_UNKNOWN -> subject == 1 ? OcspFlaw.UNKNOWN : OcspFlaw.NONE;
      case ANSWER_EXPIRED -> subject == 0 ? OcspFlaw.EXPIRED : OcspFlaw.NONE;
      case ANSWER_OF_THE_FUTURE -> subject == 0 ? OcspFlaw.OF_THE_FUTURE : OcspFlaw.NONE;
      case ANSWER_FORGED -> subject == 1 ? OcspFlaw.SIGNED_BY_ANOTHER_KEY : OcspFlaw.NONE;
      default -> OcspFlaw.NONE;
    };
  }

  private static OcspAnswer answer(
      EcAuthority issuer, X509Certificate subject, OcspFlaw flaw, Instant now) {
    try {
      return new OcspForger(issuer).forge(flaw, subject, now);
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }
}
