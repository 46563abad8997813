package dev.leasehold.core.pki;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds the path from an end entity through intermediates to a pinned root, among certificates that
 * anybody may have sent.
 *
 * @param roles what the root must be pinned for
 * @param candidates in any order; the verifying party's own come first, so that they are tried
 *     first
 */
public record PathSearch(
    Vendor vendor, Anchors anchors, Set<AnchorRole> roles, List<X509Certificate> candidates) {
  /** Paths that are tried: a flood of certificates of one name must not cost a flood of work. */
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

  /** Looks for a path with one intermediate. */
  public Result from(X509Certificate leaf, Instant now) {
    return from(leaf, 1, now);
  }

  /**
   * Tries the possible paths one after the other; the first good one is the answer.
   *
   * @param intermediates how many certificates stand between leaf and root, exactly
   */
  public Result from(X509Certificate leaf, int intermediates, Instant now) {
    List<List<X509Certificate>> paths = upwards(List.of(leaf), intermediates).limit(TRIED).toList();
    List<Result> results = new ArrayList<>();
    for (List<X509Certificate> path : paths) {
      Result result =
          path.size() <= intermediates
              ? missing(path.getLast(), "a certificate named ", "none")
              : toRoot(path, now);
      if (result instanceof Found) {
        return result;
      }
      results.add(result);
    }
    return results.getFirst();
  }

  /**
   * Every way up by the names of issuers; one that ends too early is there as far as it goes. What
   * issued itself is no intermediate: a root that also stood in for one would make a path longer
   * than it is.
   */
  private Stream<List<X509Certificate>> upwards(List<X509Certificate> path, int more) {
    List<X509Certificate> issuers =
        more == 0 ? List.of() : issuersOf(path.getLast()).filter(i -> !isSelfIssued(i)).toList();
    return issuers.isEmpty()
        ? Stream.of(path)
        : issuers.stream()
            .flatMap(i -> upwards(Stream.concat(path.stream(), Stream.of(i)).toList(), more - 1));
  }

  private static boolean isSelfIssued(X509Certificate c) {
    return c.getSubjectX500Principal().equals(c.getIssuerX500Principal());
  }

  private Result toRoot(List<X509Certificate> path, Instant now) {
    X509Certificate top = path.getLast();
    Optional<Found> pinned = issuersOf(top).flatMap(r -> pinned(path, r)).findFirst();
    if (pinned.isEmpty()) {
      return missing(
          top,
          "a pinned root named ",
          issuersOf(top).findAny().isPresent() ? "one with another fingerprint" : "none");
    }
    Optional<Fault> fault = pinned.get().path().fault(now);
    return fault.isPresent() ? new Missing(fault.get()) : pinned.get();
  }

  private Stream<Found> pinned(List<X509Certificate> path, X509Certificate root) {
    return anchors.find(root).filter(a -> roles.contains(a.role())).stream()
        .map(a -> new Found(new CertificatePath(vendor, path, root), a));
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
