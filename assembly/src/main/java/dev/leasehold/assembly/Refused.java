package dev.leasehold.assembly;

/** The program directory must not be built like this; the message says why and what to do. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refused(String message) {
    super(message);
  }
}
