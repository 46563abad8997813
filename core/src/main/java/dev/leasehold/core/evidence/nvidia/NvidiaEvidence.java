package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.pki.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A GPU's report and the certificates its host sent along, which are candidates and nothing more.
 *
 * @param certificates in any order; may lack what the verifying party holds itself
 */
public record NvidiaEvidence(NvidiaReport report, List<X509Certificate> certificates)
    implements Evidence {
  public NvidiaEvidence {
    certificates = List.copyOf(certificates);
  }

  /** Reads one entry of {@code gpu} in an evidence bundle (protocol §6.2). */
  public static NvidiaEvidence parse(byte[] report, List<byte[]> certs) throws Malformed {
    return new NvidiaEvidence(NvidiaReport.parse(report), Certificates.parseAll("certs", certs));
  }
}
