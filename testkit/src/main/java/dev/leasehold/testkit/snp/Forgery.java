package dev.leasehold.testkit.snp;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.RevocationList;
import java.security.cert.X509Certificate;
import java.util.List;

/** Forged evidence as a host sends it, and the revocation lists the verifying party would hold. */
public record Forgery(
    Bytes quote, List<X509Certificate> certificates, List<RevocationList> revocations) {
  public Forgery {
    certificates = List.copyOf(certificates);
    revocations = List.copyOf(revocations);
  }

  public SnpEvidence evidence() throws Malformed {
    return SnpEvidence.parse(
        quote.toArray(), certificates.stream().map(Certificates::encoded).toList());
  }

  public Collateral collateral() {
    return Collateral.ofRevocations(revocations);
  }
}
