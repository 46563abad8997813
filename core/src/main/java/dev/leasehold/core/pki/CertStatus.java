package dev.leasehold.core.pki;

import java.security.cert.CRLReason;
import java.time.Instant;
import java.util.Optional;

/** What a responder says of a certificate (RFC 6960 §4.2.1 CertStatus). */
public sealed interface CertStatus {
  record Good() implements CertStatus {}

  /**
   * Withdrawn.
   *
   * @param reason {@link CRLReason#CERTIFICATE_HOLD} may be lifted again, the others are for good
   */
  record Revoked(Instant time, Optional<CRLReason> reason) implements CertStatus {
    public boolean onHold() {
      return reason.equals(Optional.of(CRLReason.CERTIFICATE_HOLD));
    }
  }

  /** The responder does not know the certificate. */
  record Unknown() implements CertStatus {}
}
