package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.Fault;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.OcspAnswer.SingleResponse;
import dev.leasehold.core.pki.Vendor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the OCSP answers that the verifying party holds say of a proven path. Where one is held it
 * must clear its certificate; whether one must be held is a matter of appraisal.
 *
 * @param answers the newest for each certificate that has one
 * @param clearedAt when the oldest of them was given; absent while a certificate has none
 */
record PathStatus(
    Optional<Fault> fault, List<OcspAnswer> answers, int asked, Optional<Instant> clearedAt) {

  /** All that there can be an answer about: for a device {@link NvidiaPaths#answerable}. */
  static PathStatus of(CertificatePath path, List<OcspAnswer> held, Instant now) {
    Optional<Fault> fault = Optional.empty();
    List<OcspAnswer> answers = new ArrayList<>();
    List<Instant> given = new ArrayList<>();
    for (CertificatePath each : path.paths()) {
      X509Certificate subject = each.leaf();
      X509Certificate issuer = each.issuer();
      Optional<OcspAnswer> newest = OcspAnswer.newest(held, subject, issuer);
      newest.ifPresent(answers::add);
      newest
          .flatMap(a -> a.about(subject, issuer))
          .map(SingleResponse::thisUpdate)
          .ifPresent(given::add);
      fault = fault.or(() -> newest.flatMap(a -> a.fault(Vendor.NVIDIA, subject, issuer, now)));
    }
    int asked = path.certificates().size();
    Optional<Instant> clearedAt =
        given.size() == asked ? given.stream().min(Comparator.naturalOrder()) : Optional.empty();
    return new PathStatus(fault, List.copyOf(answers), asked, clearedAt);
  }

  /** In words for a check. */
  String describe() {
    return answers.isEmpty()
        ? "no answer held"
        : answers.size() + " of " + asked + " cleared by an answer";
  }
}
