package dev.leasehold.borrower.http;

import dev.leasehold.borrower.books.Books;
import dev.leasehold.borrower.carry.Answer;
import dev.leasehold.borrower.carry.LogWatch;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.lease.Bundles.WellKnown;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The custodian's log for consumers: an enclave speaks to its relay alone, so it is the relay that
 * puts the newest checkpoint beside what the enclave shows. The checkpoint is signed by the log.
 */
final class LogView {
  private static final int MAX_WELL_KNOWN = 1 << 20;
  private static final Pattern RANGE = Pattern.compile("from=([0-9]{1,16})&to=([0-9]{1,16})");

  private final Books books;
  private final LogWatch log;

  LogView(Books books, LogWatch log) {
    this.books = books;
    this.log = log;
  }

  /**
   * What the enclave shows, with the checkpoint; unchanged when it is not what it should be, and
   * refused when it is longer than any consumer reads.
   */
  Answer completed(String contentType, InputStream wellKnown) throws IOException {
    Optional<byte[]> shown = Http.atMost(wellKnown, MAX_WELL_KNOWN);
    if (shown.isEmpty()) {
      return Answer.unsigned(
          502,
          "The enclave's answer is too long",
          "/.well-known/leasehold: expected at most "
              + MAX_WELL_KNOWN
              + " bytes, found more; restart the enclave, or check that --enclave names one");
    }
    return new Answer(200, contentType, Bytes.of(completed(shown.get())));
  }

  private byte[] completed(byte[] bytes) {
    try {
      WellKnown shown = Bundle.parse(WellKnown.class, bytes, MAX_WELL_KNOWN);
      return Bundle.write(WellKnown.class, shown.withCheckpoint(books.checkpoint()));
    } catch (Malformed e) {
      return bytes;
    }
  }

  /** Proves that one of the log's trees extends another. */
  Answer proof(URI uri) {
    Matcher range = RANGE.matcher(String.valueOf(uri.getQuery()));
    if (!range.matches()) {
      return Answer.unsigned(400, "Not a question to the log", "expected ?from=SIZE&to=SIZE");
    }
    try {
      return log.consistency(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)));
    } catch (IOException e) {
      return Answer.unavailable(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Answer.unavailable("The relay is stopping.");
    }
  }
}
