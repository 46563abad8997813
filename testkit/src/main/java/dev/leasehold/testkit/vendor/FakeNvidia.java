package dev.leasehold.testkit.vendor;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.nvidia.NvidiaReport;
import dev.leasehold.core.evidence.nvidia.NvidiaRim;
import dev.leasehold.testkit.nvidia.NvidiaForgery;
import dev.leasehold.testkit.nvidia.SimulatedNvidia;
import dev.leasehold.testkit.pki.EcAuthority;
import dev.leasehold.testkit.pki.OcspFlaw;
import dev.leasehold.testkit.pki.OcspForger;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPReq;

/** NVIDIA's RIM service and OCSP responder, for one simulated hierarchy and some of its GPUs. */
public final class FakeNvidia {
  /** Where the responder is, below the vendor's address. */
  public static final String OCSP = "/ocsp";

  private final SimulatedNvidia nvidia;
  private final FakeVendor vendor;
  private final InstantSource clock;
  private final Map<BigInteger, X509Certificate> known = new ConcurrentHashMap<>();
  private final Map<EcAuthority, OcspForger> responders = new ConcurrentHashMap<>();
  private final Map<X509Certificate, OcspFlaw> flaws = new ConcurrentHashMap<>();
  private volatile Repeating repeating = Repeating.THE_NONCE;

  /** What answers repeat of their question. */
  public enum Repeating {
    THE_NONCE,
    NO_NONCE,
    ANOTHER_NONCE
  }

  public FakeNvidia(SimulatedNvidia nvidia, FakeVendor vendor, InstantSource clock) {
    this.nvidia = nvidia;
    this.vendor = vendor;
    this.clock = clock;
    vendor.serve(OCSP, this::answer);
  }

  /** Serves what judging this GPU takes. */
  public FakeNvidia serve(NvidiaForgery gpu) throws Malformed {
    gpu.certificates().forEach(c -> known.put(c.getSerialNumber(), c));
    NvidiaReport report = gpu.evidence().report();
    for (NvidiaRim rim : gpu.collateral().rims()) {
      rim.certificates().forEach(c -> known.put(c.getSerialNumber(), c));
      String id = rim.isNamed(report.driverRimId()) ? report.driverRimId() : report.vbiosRimId();
      vendor.serve(rimTarget(id), rim(id, rim));
    }
    return this;
  }

  /** How the responder answers about this certificate from now on. */
  public FakeNvidia answer(X509Certificate subject, OcspFlaw flaw) {
    flaws.put(subject, flaw);
    return this;
  }

  /** What all its answers repeat from now on. */
  public FakeNvidia repeat(Repeating what) {
    repeating = what;
    return this;
  }

  public static String rimTarget(String id) {
    return "/v1/rim/" + id;
  }

  /** As the service frames it. */
  public static Answer rim(String id, NvidiaRim rim) {
    String json =
        """
        {"id":"%s","rim":"%s","sha256":"%s","last_updated":"2026-01-01T00:00:00.000000",\
        "rim_format":"TCG","request_id":"54922519-b87e-4057-b323-33b9a2bb9743"}\
        """
            .formatted(id, Bytes.of(rim.encoded()).base64(), rim.sha256());
    return Answer.of(json.getBytes(StandardCharsets.UTF_8))
        .with("Content-Type", "application/json")
        .with("ETag", "\"" + rim.sha256() + "\"");
  }

  private Answer answer(FakeVendor.Request request) {
    try {
      OCSPReq asked = new OCSPReq(request.body().toArray());
      CertificateID id = asked.getRequestList()[0].getCertID();
      X509Certificate subject = known.get(id.getSerialNumber());
      if (subject == null || !id.getHashAlgOID().equals(NISTObjectIdentifiers.id_sha384)) {
        return Answer.status(400);
      }
      OcspFlaw flaw = flaws.getOrDefault(subject, OcspFlaw.NONE);
      byte[] der =
          responders
              .computeIfAbsent(nvidia.issuerOf(subject), OcspForger::new)
              .der(flaw, subject, clock.instant(), repeated(asked));
      return Answer.of(der).with("Content-Type", "application/ocsp-response");
    } catch (IOException e) {
      throw new IllegalStateException("a question that no responder understands", e);
    }
  }

  private Optional<Bytes> repeated(OCSPReq asked) {
    Optional<Bytes> nonce =
        Optional.ofNullable(asked.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce))
            .map(Extension::getParsedValue)
            .map(v -> Bytes.of(ASN1OctetString.getInstance(v).getOctets()));
    return switch (repeating) {
      case THE_NONCE -> nonce;
      case NO_NONCE -> Optional.empty();
      case ANOTHER_NONCE -> nonce.map(_ -> Bytes.of(new byte[32]));
    };
  }
}
