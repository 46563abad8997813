package dev.leasehold.cli.demo;

/** A claim of the story that did not hold: the demo ends with an error. */
final class ClaimFailed extends Exception {
  private static final long serialVersionUID = 1L;

  ClaimFailed(String message) {
    super(message);
  }
}
