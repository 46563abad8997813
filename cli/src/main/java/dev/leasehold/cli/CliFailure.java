package dev.leasehold.cli;

import dev.leasehold.core.bytes.Malformed;

/** A verb that cannot do what was asked: what failed, what was expected and found, what to do. */
public class CliFailure extends Exception {
  private static final long serialVersionUID = 1L;

  public CliFailure(String message) {
    super(message);
  }

  public CliFailure(String what, String expected, String found, String remedy) {
    super(
        what + "\n  expected  " + expected + "\n  found     " + found + "\n  remedy    " + remedy);
  }

  static CliFailure of(String what, Malformed m, String remedy) {
    return new CliFailure(what + ": " + m.field(), m.expected(), m.found(), remedy);
  }
}
