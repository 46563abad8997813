package dev.leasehold.core.dsse;

/** An envelope whose signatures do not show what was required, and why. */
public final class BadSignature extends Exception {
  private static final long serialVersionUID = 1L;

  public BadSignature(String message) {
    super(message);
  }
}
