package dev.leasehold.cli;

import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.lease.Statements;

/** The statements people sign, by the word they type, and where the custodian takes them. */
enum StandingKind {
  roster("/v1/rosters"),
  measurements("/v1/measurements"),
  borrower("/v1/borrowers"),
  modelpackage("/v1/packages"),
  lease("/v1/leases"),
  order("/v1/orders");

  private final String path;

  StandingKind(String path) {
    this.path = path;
  }

  Kind<?> kind() {
    return switch (this) {
      case roster -> Statements.ROSTER;
      case measurements -> Statements.MEASUREMENTS;
      case borrower -> Statements.BORROWER;
      case modelpackage -> Statements.PACKAGE;
      case lease -> Statements.LEASE;
      case order -> Statements.ORDER;
    };
  }

  String path() {
    return path;
  }

  /** The kind of a signed statement. */
  static StandingKind ofPayloadType(String payloadType) throws CliFailure {
    for (StandingKind k : values()) {
      if (k.kind().payloadType().equals(payloadType)) {
        return k;
      }
    }
    throw new CliFailure(
        "This statement is not one a custodian registers",
        "a roster, measurements, borrower, package, lease or order",
        payloadType,
        "name the right file");
  }
}
