package dev.leasehold.core.pki;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A vendor's certificate path. The root is trusted only by the caller's pin.
 *
 * @param certificates from the end entity up, each issued by the next, without the root
 */
public record CertificatePath(
    Vendor vendor, List<X509Certificate> certificates, X509Certificate root) {
  public CertificatePath {
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("a path of its root alone");
    }
  }

  /** The certificate whose key is used. */
  public X509Certificate leaf() {
    return certificates.getFirst();
  }

  /** Who issued the leaf. */
  public X509Certificate issuer() {
    return certificates.size() > 1 ? certificates.get(1) : root;
  }

  /** From the end entity to the root, the root included. */
  public List<X509Certificate> all() {
    return Stream.concat(certificates.stream(), Stream.of(root)).toList();
  }

  /** The path of each of its certificates to the same root, this path first. */
  public List<CertificatePath> paths() {
    return IntStream.range(0, certificates.size())
        .mapToObj(
            i -> new CertificatePath(vendor, certificates.subList(i, certificates.size()), root))
        .toList();
  }

  /** The window of every certificate of the path. */
  public List<Window> windows() {
    return all().stream().map(Window::of).toList();
  }

  /** What keeps this path from being good at {@code now}; the root must be pinned already. */
  public Optional<Fault> fault(Instant now) {
    return validityFault(now).or(this::lastingFault);
  }

  /** The first certificate whose own window does not contain {@code now}. */
  public Optional<Fault> validityFault(Instant now) {
    return all().stream()
        .filter(c -> !Window.of(c).contains(now))
        .findFirst()
        .map(c -> validityFault(c, now));
  }

  /**
   * What no passing of time can mend. Validation itself takes a time, so it is done as of the first
   * instant at which every certificate holds; if there is none, then {@link #validityFault} says so
   * at every instant.
   */
  public Optional<Fault> lastingFault() {
    Instant from = Window.opens(windows()).orElseThrow();
    return algorithmFault().or(() -> pathFault(from));
  }

  private Optional<Fault> algorithmFault() {
    return all().stream()
        .map(c ->
            vendor
                .rule()
                .fault(
                    Certificates.name(c),
                    c.getSigAlgOID(),
                    c.getSigAlgParams(),
                    "use the certificate as it comes from " + vendor.source()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<Fault> pathFault(Instant at) {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(root, null)));
      // Revocation is a step of its own, with its own claim: see RevocationList.
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(at));
      CertPathValidator.getInstance("PKIX", "SUN")
          .validate(Certificates.factory().generateCertPath(certificates), parameters);
      return Optional.empty();
    } catch (CertPathValidatorException e) {
      return Optional.of(describe(e));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Fault describe(CertPathValidatorException e) {
    X509Certificate at = e.getIndex() < 0 ? leaf() : certificates.get(e.getIndex());
    return new Fault(
        Certificates.name(at) + " issued by the certificate above it",
        e.getReason() + ": " + e.getMessage(),
        "fetch the certificate and its issuers again from " + vendor.source());
  }

  private Fault validityFault(X509Certificate c, Instant now) {
    return new Fault(
        Certificates.name(c)
            + " valid from "
            + c.getNotBefore().toInstant()
            + " to "
            + c.getNotAfter().toInstant(),
        "time of verification " + now,
        "fetch a current certificate from "
            + vendor.source()
            + ", or mend the clock of the verifier");
  }
}
