package dev.leasehold.enclave.model;

import java.util.Locale;

/** Why a request ended; the {@code finish} of its receipt (protocol §11.3). */
public enum Finish {
  /** The model ended the text, or a stop string came. */
  STOP,
  /** The wanted number of tokens is made, or the context is full. */
  LENGTH,
  /** The allowance ran out and no grant raised it in time. */
  LEASE_EXHAUSTED,
  /** The lease was stopped, suspended or not renewed. */
  LEASE_STOPPED,
  /** The engine failed. */
  ERROR,
  /** The client went away. */
  CANCELLED;

  /** As it is written in receipts. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
