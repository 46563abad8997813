package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import java.util.Optional;

/** What an auditor knows of the custodian's log while it reads statements. */
@FunctionalInterface
public interface LogView {
  /** The root of the log when it had this many entries, if that is known. */
  Optional<Hash> rootAt(long size);

  /** Of somebody who holds no log: nothing is known but the root of the empty one. */
  static LogView none() {
    return size -> Optional.empty();
  }
}
