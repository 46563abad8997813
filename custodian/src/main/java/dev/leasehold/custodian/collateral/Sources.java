package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.evidence.snp.EndorsementKey;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.pki.CertId;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.OcspRequest;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where each vendor's service is. Another address changes who is asked and never what is believed.
 *
 * @param intelPcs Intel's Provisioning Certification Service v4, or a local caching one (PCCS)
 * @param intelRootCrl the revocation list of Intel's root; DER, or hex as a PCCS serves it
 * @param nvidiaRim NVIDIA's service of reference values
 * @param nvidiaOcsp NVIDIA's OCSP responder
 * @param nvidiaOcspCached true for one that hands out answers made for others: none is then asked
 *     to repeat a nonce, and one is as fresh as its own dates say
 */
public record Sources(
    URI amdKds,
    URI intelPcs,
    URI intelRootCrl,
    URI nvidiaRim,
    URI nvidiaOcsp,
    boolean nvidiaOcspCached) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** As long as RFC 9654 recommends. */
  private static final int NONCE_BYTES = 32;

  /** The vendors' own services. */
  public static final Sources VENDORS =
      new Sources(
          URI.create("https://kdsintf.amd.com"),
          URI.create("https://api.trustedservices.intel.com"),
          URI.create("https://certificates.trustedservices.intel.com/IntelSGXRootCA.der"),
          URI.create("https://rim.attestation.nvidia.com"),
          URI.create("https://ocsp.ndis.nvidia.com"),
          false);

  public Sources {
    requireTransport("amdKds", amdKds);
    requireTransport("intelPcs", intelPcs);
    requireTransport("intelRootCrl", intelRootCrl);
    requireTransport("nvidiaRim", nvidiaRim);
    requireTransport("nvidiaOcsp", nvidiaOcsp);
  }

  /**
   * How the item is asked for.
   *
   * @param issuer what {@link Item#issuer} names, proven
   */
  Question question(Item.Asked item, Optional<Proven> issuer) throws Unproven {
    return switch (item) {
      case AmdItem amd -> amd(amd);
      case IntelItem intel -> intel(intel);
      case NvidiaItem.ReferenceValues values ->
          Question.get(item.source(), below(nvidiaRim, "v1/rim/" + values.rimId()));
      case NvidiaItem.Status _ ->
          Question.post(item.source(), nvidiaOcsp, request(NvidiaProver.path(issuer)));
    };
  }

  /** NVIDIA's responder repeats the hash it is asked with; all else of NVIDIA's is SHA-384. */
  private OcspRequest request(CertificatePath path) {
    CertId id = CertId.of(CertId.HashAlgorithm.SHA384, path.leaf(), path.issuer());
    return new OcspRequest(id, nvidiaOcspCached ? Optional.empty() : Optional.of(nonce()));
  }

  private static Bytes nonce() {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    return Bytes.of(nonce);
  }

  private Question amd(AmdItem item) {
    String product = product(item.family());
    String path =
        switch (item) {
          case AmdItem.Chain c -> kind(c.kind()) + product + "/cert_chain";
          case AmdItem.Revocations _ -> kind(EndorsementKey.Kind.VCEK) + product + "/crl";
          case AmdItem.Vcek v ->
              kind(EndorsementKey.Kind.VCEK) + product + "/" + v.hardwareId() + "?" + v.query();
        };
    return Question.get(item.source(), below(amdKds, path));
  }

  private Question intel(IntelItem item) {
    return switch (item) {
      case IntelItem.TcbInfos i ->
          pcs(i.technology(), "tcb?fmspc=" + i.fmspc() + "&" + i.update().query())
              .withChainIn("TCB-Info-Issuer-Chain");
      case IntelItem.QuotingEnclave i ->
          pcs(i.technology(), "qe/identity?" + i.update().query())
              .withChainIn("SGX-Enclave-Identity-Issuer-Chain");
      case IntelItem.PckRevocations i ->
          pcs(IntelItem.Technology.SGX, "pckcrl?ca=" + i.authority().word() + "&encoding=der")
              .withChainIn("SGX-PCK-CRL-Issuer-Chain");
      case IntelItem.RootRevocations i -> Question.get(i.source(), intelRootCrl);
    };
  }

  private Question pcs(IntelItem.Technology technology, String what) {
    return Question.get(
        Source.INTEL_PCS, below(intelPcs, technology.word() + "/certification/v4/" + what));
  }

  private static String kind(EndorsementKey.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT) + "/v1/";
  }

  private static String product(Family family) {
    String name = family.wireName();
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static URI below(URI base, String path) {
    String text = base.toString();
    return URI.create(text.endsWith("/") ? text + path : text + "/" + path);
  }

  /** A service in the clear would let anybody on the way see which chips are enrolled. */
  private static void requireTransport(String key, URI uri) {
    boolean local = "http".equals(uri.getScheme()) && isThisMachine(uri.getHost());
    if (uri.getHost() == null || !(local || "https".equals(uri.getScheme()))) {
      throw new IllegalArgumentException(
          key + ": expected an https address, or http of this machine, found " + uri);
    }
  }

  private static boolean isThisMachine(@Nullable String host) {
    try {
      return host != null && InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return "localhost".equals(host);
    }
  }
}
