package dev.leasehold.core.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the path from an end entity through one intermediate to a pinned root, among certificates
 * that anybody may have sent.
 *
 * @param roles what the root must be pinned for
 * @param candidates in any order; the verifying party's own come first, so that they are tried
 *     first
 */
public record PathSearch(
    Vendor vendor, Anchors anchors, Set<AnchorRole> roles, List<X509Certificate> candidates) {
  /** Intermediates of one name that are tried: a flood of them must not cost a flood of work. */
  private static final int TRIED = 4;

  public PathSearch {
    roles = Set.copyOf(roles);
    candidates = candidates.stream().distinct().toList();
  }

  /** What a search ends with. */
  public sealed interface Result {}

  /** A path that is good at the time asked for, and the pin its root is. */
  public record Found(CertificatePath path, Anchor anchor) implements Result {}

  /** Why there is none: of several attempts, what is wrong with the first. */
  public record Missing(Fault fault) implements Result {}

  /** Tries the intermediates one after the other; the first good path is the answer. */
  public Result from(X509Certificate leaf, Instant now) {
    Result first = missing(leaf, "a certificate named ", "none");
    List<X509Certificate> intermediates = issuersOf(leaf).limit(TRIED).toList();
    for (X509Certificate intermediate : intermediates) {
      Result result = through(leaf, intermediate, now);
      if (result instanceof Found) {
        return result;
      }
      first = intermediate.equals(intermediates.getFirst()) ? result : first;
    }
    return first;
  }

  private Result through(X509Certificate leaf, X509Certificate intermediate, Instant now) {
    Optional<Found> pinned =
        issuersOf(intermediate).flatMap(r -> pinned(leaf, intermediate, r)).findFirst();
    if (pinned.isEmpty()) {
      return missing(
          intermediate,
          "a pinned root named ",
          issuersOf(intermediate).findAny().isPresent() ? "one with another fingerprint" : "none");
    }
    Optional<Fault> fault = pinned.get().path().fault(now);
    return fault.isPresent() ? new Missing(fault.get()) : pinned.get();
  }

  private Stream<Found> pinned(
      X509Certificate leaf, X509Certificate intermediate, X509Certificate root) {
    return anchors.find(root).filter(a -> roles.contains(a.role())).stream()
        .map(a -> new Found(new CertificatePath(vendor, List.of(leaf, intermediate), root), a));
  }

  private Stream<X509Certificate> issuersOf(X509Certificate c) {
    return candidates.stream()
        .filter(i -> i.getSubjectX500Principal().equals(c.getIssuerX500Principal()));
  }

  private Missing missing(X509Certificate subject, String what, String got) {
    return new Missing(
        new Fault(
            what + subject.getIssuerX500Principal().getName(),
            got,
            "send the certificate with its issuers as they come from "
                + vendor.source()
                + "; roots that are not pinned are never accepted, simulated ones included"));
  }
}
