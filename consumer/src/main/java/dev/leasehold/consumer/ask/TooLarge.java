package dev.leasehold.consumer.ask;

/** A question that does not fit a sealed request. */
public final class TooLarge extends Exception {
  private static final long serialVersionUID = 1L;

  TooLarge(String message) {
    super(message);
  }
}
