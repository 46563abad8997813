package dev.leasehold.core.audit;

import java.io.IOException;

/** Where a log is served: static files below one URL (c2sp.org/tlog-tiles). */
@FunctionalInterface
public interface LogSource {
  /**
   * Fetches one file whole.
   *
   * @param path relative to the log's URL, such as {@code checkpoint}
   */
  byte[] fetch(String path) throws IOException;
}
