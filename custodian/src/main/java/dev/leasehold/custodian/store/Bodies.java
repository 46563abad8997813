package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Parsed statements by their hash. A hash names one content for ever, so nothing here goes stale;
 * the oldest entries make room.
 */
final class Bodies {
  private static final int MOST = 4_096;

  private final Map<Hash, Record> byHash =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash, Record> eldest) {
          return size() > MOST;
        }
      };

  synchronized Record get(Hash hash, Supplier<? extends Record> parse) {
    Record known = byHash.get(hash);
    if (known == null) {
      known = parse.get();
      byHash.put(hash, known);
    }
    return known;
  }
}
