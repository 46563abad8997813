package dev.leasehold.custodian.collateral;

import dev.leasehold.core.evidence.snp.EndorsementKey;
import dev.leasehold.core.evidence.snp.Family;
import java.net.InetAddress;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where each vendor's service is. Another address changes who is asked and never what is believed.
 *
 * @param intelPcs Intel's Provisioning Certification Service v4, or a local caching one (PCCS)
 * @param intelRootCrl the revocation list of Intel's root; DER, or hex as a PCCS serves it
 */
public record Sources(URI amdKds, URI intelPcs, URI intelRootCrl) {

  /** The vendors' own services. */
  public static final Sources VENDORS =
      new Sources(
          URI.create("https://kdsintf.amd.com"),
          URI.create("https://api.trustedservices.intel.com"),
          URI.create("https://certificates.trustedservices.intel.com/IntelSGXRootCA.der"));

  public Sources {
    requireTransport("amdKds", amdKds);
    requireTransport("intelPcs", intelPcs);
    requireTransport("intelRootCrl", intelRootCrl);
  }

  /** How the item is asked for. */
  Question question(Item item) {
    return switch (item) {
      case AmdItem amd -> amd(amd);
      case IntelItem intel -> intel(intel);
    };
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
