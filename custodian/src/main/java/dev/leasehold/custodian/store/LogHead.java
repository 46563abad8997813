package dev.leasehold.custodian.store;

import dev.leasehold.core.lease.LogRef;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** The newest checkpoint this process knows to be committed. It only grows. */
final class LogHead {
  private final AtomicReference<Optional<LogCheckpoints.Row>> newest =
      new AtomicReference<>(Optional.empty());

  Optional<LogCheckpoints.Row> newest() {
    return newest.get();
  }

  LogRef ref() {
    return newest().map(r -> new LogRef(r.size(), r.root())).orElse(LogRef.EMPTY);
  }

  void advance(LogCheckpoints.Row row) {
    newest.accumulateAndGet(
        Optional.of(row), (a, b) -> a.isPresent() && a.get().size() >= row.size() ? a : b);
  }
}
