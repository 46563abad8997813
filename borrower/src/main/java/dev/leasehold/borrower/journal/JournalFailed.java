package dev.leasehold.borrower.journal;

import java.io.IOException;

/** The journal could not take an entry. What is not kept is not forwarded. */
public final class JournalFailed extends IOException {
  private static final long serialVersionUID = 1L;

  JournalFailed(String message, IOException cause) {
    super(message, cause);
  }
}
