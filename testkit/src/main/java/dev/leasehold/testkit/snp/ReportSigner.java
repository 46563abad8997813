package dev.leasehold.testkit.snp;

import java.security.cert.X509Certificate;
import java.util.List;

/** Makes signed reports; honest ones by a chip, flawed ones by a forger. */
public interface ReportSigner {
  byte[] report(ReportRequest request);

  /** The endorsement certificate and its issuers, as the host hands them to the guest. */
  List<X509Certificate> certificates();
}
