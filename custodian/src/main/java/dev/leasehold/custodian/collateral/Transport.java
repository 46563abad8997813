package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Bytes;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.util.Optional;

/** Carries one question to a vendor and its answer back. */
interface Transport extends AutoCloseable {

  /**
   * Asks once.
   *
   * @param held what is in the cache, so that the vendor may answer that it has not changed
   * @throws IOException when no whole answer came in the time and size allowed
   */
  Reply ask(Question question, Optional<Entry> held) throws IOException, InterruptedException;

  @Override
  void close();

  /** What came back, whole. */
  record Reply(int status, HttpHeaders headers, Bytes body) {
    Optional<String> header(String name) {
      return headers.firstValue(name);
    }
  }
}
