package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Optional;

/**
 * What Intel certifies about a platform together with its PCK, the key that vouches for the Quoting
 * Enclave (Intel PCK certificate specification, "SGX Extensions").
 *
 * @param ppid the platform, the same whatever its TCB
 * @param tcb the patch level the key is derived from
 * @param fmspc family, model, stepping, platform type and custom SKU
 * @param platformInstance of platforms of several packages
 */
public record PckCertificate(
    PublicKey key,
    HexBytes ppid,
    PckTcb tcb,
    HexBytes cpuSvn,
    HexBytes pceId,
    HexBytes fmspc,
    SgxType sgxType,
    Optional<HexBytes> platformInstance) {

  /** How the platform protects memory. */
  public enum SgxType {
    STANDARD(0, "Standard"),
    SCALABLE(1, "Scalable"),
    SCALABLE_WITH_INTEGRITY(2, "ScalableWithIntegrity");

    private final int number;
    private final String word;

    SgxType(int number, String word) {
      this.number = number;
      this.word = word;
    }

    /** The value in the certificate. */
    public int number() {
      return number;
    }

    /** As Intel spells it. */
    public String word() {
      return word;
    }
  }

  /** Whether {@code info} judges this platform. */
  boolean isOf(TcbInfo info) {
    return fmspc.equals(info.fmspc()) && pceId.equals(info.pceId());
  }

  /** Reads the extensions of a PCK's certificate; that it is genuine is for its chain. */
  public static PckCertificate parse(X509Certificate certificate) throws Malformed {
    if (certificate.getPublicKey() instanceof ECPublicKey key
        && key.getParams().getOrder().bitLength() == 256) {
      return PckExtension.read(certificate, key);
    }
    throw new Malformed("PCK", "a P-256 key", certificate.getPublicKey().getAlgorithm());
  }
}
