package dev.leasehold.core.evidence;

import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.RevocationList;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * What the verifying party itself holds: certificates and signed statements of vendors, of any
 * kind; each verifier takes what concerns it. Never what the attested host sent (protocol §6.2,
 * step 2).
 *
 * @param certificates candidates: roots, intermediates, a chip's endorsement certificate
 */
public record Collateral(
    List<X509Certificate> certificates,
    List<RevocationList> revocations,
    List<OcspAnswer> ocspAnswers) {
  public static final Collateral NONE = new Collateral(List.of(), List.of(), List.of());

  public Collateral {
    certificates = List.copyOf(certificates);
    revocations = List.copyOf(revocations);
    ocspAnswers = List.copyOf(ocspAnswers);
  }

  public static Collateral ofCertificates(List<X509Certificate> certificates) {
    return new Collateral(certificates, List.of(), List.of());
  }

  public static Collateral ofRevocations(List<RevocationList> revocations) {
    return new Collateral(List.of(), revocations, List.of());
  }

  public static Collateral ofOcspAnswers(List<OcspAnswer> ocspAnswers) {
    return new Collateral(List.of(), List.of(), ocspAnswers);
  }

  /** Both together. */
  public Collateral and(Collateral other) {
    return new Collateral(
        concat(certificates, other.certificates),
        concat(revocations, other.revocations),
        concat(ocspAnswers, other.ocspAnswers));
  }

  private static <T> List<T> concat(List<T> a, List<T> b) {
    List<T> out = new ArrayList<>(a);
    out.addAll(b);
    return out;
  }
}
