package dev.leasehold.enclave.api;

import dev.leasehold.enclave.model.Finish;
import dev.leasehold.enclave.model.Usage;

/** How an API writes an answer down. */
public interface Format {
  /** True when it can be sent piece by piece. */
  boolean streams();

  /** Some of the text, ahead of the rest. Called only when it {@link #streams}. */
  byte[] piece(String text);

  /** All that follows the pieces: the rest of the text and the end. */
  byte[] end(String rest, Finish finish, Usage usage);
}
