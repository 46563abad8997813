package dev.leasehold.testkit.dcap;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.testkit.pki.CertificateSpec;
import dev.leasehold.testkit.pki.Curve;
import dev.leasehold.testkit.pki.EcAuthority;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.OptionalInt;

/** Makes quotes of one platform, and its collateral, right in everything but the flaw asked for. */
public final class DcapForger {
  private static final Instant PCK_FROM = Instant.parse("2025-01-01T00:00:00Z");
  private static final Instant PCK_TO = Instant.parse("2032-01-01T00:00:00Z");

  private final SimulatedIntel intel;
  private final SimulatedIntel foreign;
  private final KeyPair pck = Curve.P256.newKey();

  public DcapForger(SimulatedIntel intel) {
    this.intel = intel;
    this.foreign = SimulatedIntel.create();
  }

  public DcapForgery forge(DcapFlaw flaw, DcapRequest request, Instant now) {
    EcAuthority issuer = issuer(flaw);
    X509Certificate certificate = pckCertificate(flaw, issuer);
    return new DcapForgery(
        Bytes.of(new QuoteForger(flaw, request, pck).forge(chain(flaw, certificate, issuer))),
        new CollateralForger(intel, foreign, flaw, request.form().isTdx(), now)
            .forge(certificate, issuer));
  }

  private EcAuthority issuer(DcapFlaw flaw) {
    return switch (flaw) {
      case PROCESSOR_AUTHORITY -> intel.processorCa();
      case UNPINNED_ROOT, PCK_OF_FOREIGN_AUTHORITY -> foreign.platformCa();
      case PCK_ISSUER_NAMED_OTHERWISE -> intel.authority("Intel SGX PCK Other CA");
      default -> intel.platformCa();
    };
  }

  private String chain(DcapFlaw flaw, X509Certificate certificate, EcAuthority issuer) {
    X509Certificate root = intel.root().certificate();
    return switch (flaw) {
      case ISSUERS_APART, PCK_ISSUER_MISSING -> Pem.of(certificate);
      case UNPINNED_ROOT -> Pem.of(certificate, issuer.certificate(), foreign.root().certificate());
      case PCK_OF_FOREIGN_AUTHORITY -> Pem.of(certificate, intel.platformCa().certificate(), root);
      default -> Pem.of(certificate, issuer.certificate(), root);
    };
  }

  private X509Certificate pckCertificate(DcapFlaw flaw, EcAuthority issuer) {
    CertificateSpec bare =
        CertificateSpec.endEntity(
            SimulatedIntel.name("Intel SGX PCK Certificate"), pck.getPublic(), PCK_FROM, PCK_TO);
    CertificateSpec spec = bare.withExtension(PckSpec.SGX, platform(flaw).extension());
    return switch (flaw) {
      case PCK_EXPIRED -> issuer.issue(spec.withValidity(SimulatedIntel.FROM, PCK_FROM));
      case PCK_NOT_YET_VALID -> issuer.issue(spec.withValidity(PCK_TO, SimulatedIntel.TO));
      case PCK_NAMED_OTHERWISE ->
          issuer.issue(spec.withSubject(SimulatedIntel.name(SimulatedIntel.SIGNER)));
      case PCK_IS_AN_AUTHORITY -> issuer.issue(spec.withPathLength(OptionalInt.of(0)));
      case PCK_SIGNED_WITH_SHA384 -> issuer.issue(spec, "SHA384withECDSA");
      case PCK_WITHOUT_SGX_EXTENSION -> issuer.issue(bare);
      default -> issuer.issue(spec);
    };
  }

  private static PckSpec platform(DcapFlaw flaw) {
    return switch (flaw) {
      case PCK_WITH_15_COMPONENTS -> PckSpec.CURRENT.without(1);
      case PLATFORM_OUT_OF_DATE -> PckSpec.of(4);
      case PLATFORM_BELOW_EVERY_LEVEL -> PckSpec.of(1);
      case PCE_OUT_OF_DATE -> PckSpec.CURRENT.withPceSvn(12);
      default -> PckSpec.CURRENT;
    };
  }
}
