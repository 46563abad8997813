package dev.leasehold.enclave.model;

/** The request was not admitted and nothing was charged. The message may be shown to the client. */
public final class Rejected extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  Rejected(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Why. */
  public enum Reason {
    /** The request does not fit the model; asking again will not help. */
    INVALID,
    /** Prompt and answer cannot fit the model's context. */
    TOO_LONG,
    /** Too many requests wait already; asking later may help. */
    BUSY,
    /** The service is shutting down. */
    CLOSED
  }
}
