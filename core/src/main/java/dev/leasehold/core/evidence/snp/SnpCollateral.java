package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.pki.RevocationList;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the verifying party holds itself for AMD: certificates from AMD's key server (roots,
 * intermediates, a chip's endorsement certificate) and the revocation lists of the roots.
 */
public record SnpCollateral(List<X509Certificate> certificates, List<RevocationList> revocations)
    implements Collateral {
  public static final SnpCollateral NONE = new SnpCollateral(List.of(), List.of());

  public SnpCollateral {
    certificates = List.copyOf(certificates);
    revocations = List.copyOf(revocations);
  }
}
