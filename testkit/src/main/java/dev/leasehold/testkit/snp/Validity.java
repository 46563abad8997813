package dev.leasehold.testkit.snp;

import java.time.Instant;
import java.util.Date;

/** The window of a certificate. */
record Validity(Instant from, Instant to) {
  static final Validity AUTHORITY = of("2020-01-01T00:00:00Z", "2049-12-31T23:59:59Z");
  static final Validity ENDORSEMENT = of("2025-01-01T00:00:00Z", "2032-01-01T00:00:00Z");

  static Validity of(String from, String to) {
    return new Validity(Instant.parse(from), Instant.parse(to));
  }

  Date notBefore() {
    return Date.from(from);
  }

  Date notAfter() {
    return Date.from(to);
  }
}
