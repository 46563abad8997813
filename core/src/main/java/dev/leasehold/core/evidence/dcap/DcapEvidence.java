package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.pki.Certificates;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * An SGX or TDX quote and the certificates its host sent beside it, which are candidates and
 * nothing more.
 *
 * @param certificates in any order, mostly none: the quote embeds the chain of its PCK
 */
public record DcapEvidence(Quote quote, List<X509Certificate> certificates) implements Evidence {
  public DcapEvidence {
    certificates = List.copyOf(certificates);
  }

  /** Reads the {@code quote} and {@code certs} of an evidence bundle (protocol §6.2). */
  public static DcapEvidence parse(byte[] quote, List<byte[]> certs) throws Malformed {
    return new DcapEvidence(Quote.parse(quote), Certificates.parseAll("certs", certs));
  }

  /** What the quote is of: {@code SGX} or {@code TDX}. */
  public EvidenceKind kind() {
    return switch (quote.body()) {
      case SgxReport _ -> EvidenceKind.SGX;
      case TdReport _ -> EvidenceKind.TDX;
    };
  }
}
