package dev.leasehold.custodian.collateral;

import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.pki.Window;
import java.time.Instant;
import java.util.List;

/** Content whose signatures reach a pinned root. */
record Proven(Collateral collateral, List<Window> windows, Edition edition) {
  Proven {
    windows = List.copyOf(windows);
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("content without any window");
    }
  }

  /** The last instant at which all of it holds. */
  Instant closes() {
    return Window.closes(windows).orElseThrow();
  }

  Instant opens() {
    return Window.opens(windows).orElseThrow();
  }

  boolean holdsAt(Instant now) {
    return !now.isBefore(opens()) && !now.isAfter(closes());
  }
}
