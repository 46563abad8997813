package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.pki.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A report and the certificates its host sent along, which are candidates and nothing more.
 *
 * @param certificates in any order; may lack what the verifying party holds itself
 */
public record SnpEvidence(SnpReport report, List<X509Certificate> certificates)
    implements Evidence {
  public SnpEvidence {
    certificates = List.copyOf(certificates);
  }

  /** Reads the {@code quote} and {@code certs} of an evidence bundle (protocol §6.2). */
  public static SnpEvidence parse(byte[] quote, List<byte[]> certs) throws Malformed {
    return new SnpEvidence(SnpReport.parse(quote), Certificates.parseAll("certs", certs));
  }
}
