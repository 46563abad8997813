package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Malformed;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * How a quote names the certificate of the PCK (Intel quote format, "QE Certification Data").
 *
 * @param type 1 to 3: by a platform identifier, plain or encrypted, of no use here; 4: the
 *     certificate; 5: its chain
 * @param certificates leaf first; candidates and nothing more
 */
public record CertificationData(int type, List<X509Certificate> certificates) {
  private static final int LAST_IDENTIFIER = 3;
  private static final int CERTIFICATE = 4;
  private static final int CHAIN = 5;

  public CertificationData {
    certificates = List.copyOf(certificates);
  }

  static CertificationData parse(int type, byte[] data) throws Malformed {
    return switch (type) {
      case CERTIFICATE, CHAIN -> new CertificationData(type, PemChain.parse(data));
      default -> identifier(type);
    };
  }

  private static CertificationData identifier(int type) throws Malformed {
    if (type < 1 || type > LAST_IDENTIFIER) {
      throw new Malformed("quote.certification data type", "1 to 5", Integer.toString(type));
    }
    return new CertificationData(type, List.of());
  }
}
