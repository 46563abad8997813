package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Fault;

/** Content that does not parse, does not reach a pinned root, or is out of its window. */
final class Unproven extends Exception {
  private static final long serialVersionUID = 1L;

  Unproven(String expected, String got) {
    super("expected " + expected + ", found " + got);
  }

  static Unproven of(Malformed m) {
    return new Unproven(m.field() + " to be " + m.expected(), m.found());
  }

  static Unproven of(Fault f) {
    return new Unproven(f.expected(), f.got());
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
