package dev.leasehold.core.pki;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * AMD's certificate path: an endorsement key (VCEK or VLEK), the intermediate that issued it (ASK
 * or ASVK) and the root that issued that (ARK). The root is trusted only by the caller's pin.
 */
public record AmdChain(
    X509Certificate endorsement, X509Certificate intermediate, X509Certificate root) {

  /** What keeps this path from being good at {@code now}; the root must be pinned already. */
  public Optional<Fault> fault(Instant now) {
    return algorithmFault().or(() -> rootValidityFault(now)).or(() -> pathFault(now));
  }

  private Optional<Fault> algorithmFault() {
    return List.of(root, intermediate, endorsement).stream()
        .map(c -> RsaPssSha384.fault(name(c), c.getSigAlgOID(), c.getSigAlgParams()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** PKIX path validation takes a trust anchor as it is, so its own window is checked here. */
  private Optional<Fault> rootValidityFault(Instant now) {
    try {
      root.checkValidity(Date.from(now));
      return Optional.empty();
    } catch (CertificateException e) {
      return Optional.of(validityFault(root, now));
    }
  }

  private Optional<Fault> pathFault(Instant now) {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
      // Revocation is a step of its own, with its own claim: see RevocationList.
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX", "SUN")
          .validate(
              Certificates.factory().generateCertPath(List.of(endorsement, intermediate)),
              parameters);
      return Optional.empty();
    } catch (CertPathValidatorException e) {
      return Optional.of(describe(e, now));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Fault describe(CertPathValidatorException e, Instant now) {
    X509Certificate at = e.getIndex() == 0 ? endorsement : intermediate;
    if (e.getReason() == CertPathValidatorException.BasicReason.EXPIRED
        || e.getReason() == CertPathValidatorException.BasicReason.NOT_YET_VALID) {
      return validityFault(at, now);
    }
    return new Fault(
        name(at) + " issued by the certificate above it",
        e.getReason() + ": " + e.getMessage(),
        "fetch the chip's endorsement certificate and its issuers from AMD's key server again");
  }

  private static Fault validityFault(X509Certificate c, Instant now) {
    return new Fault(
        name(c)
            + " valid from "
            + c.getNotBefore().toInstant()
            + " to "
            + c.getNotAfter().toInstant(),
        "time of verification " + now,
        "fetch a current certificate from AMD's key server, or mend the clock of the verifier");
  }

  static String name(X509Certificate c) {
    return c.getSubjectX500Principal().getName();
  }
}
