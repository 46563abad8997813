package dev.leasehold.enclave.model;

import java.util.List;

/** Lets text through up to the first stop string, holding back what may become one. */
final class StopFilter {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  StopFilter(List<String> stops) {
    this.stops = stops;
  }

  /** Returns what may be shown now. Once {@link #stopped}, nothing more. */
  String push(String text) {
    if (stopped) {
      return "";
    }
    held.append(text);
    int first = firstStop();
    if (first >= 0) {
      stopped = true;
      return take(first);
    }
    return take(held.length() - undecided());
  }

  /** Returns what was held back: the text ended and no stop string came of it. */
  String flush() {
    return stopped ? "" : take(held.length());
  }

  boolean stopped() {
    return stopped;
  }

  private int firstStop() {
    return stops.stream().mapToInt(held::indexOf).filter(at -> at >= 0).min().orElse(-1);
  }

  /** The length of the longest end of the text that is the beginning of a stop string. */
  private int undecided() {
    int longest = stops.stream().mapToInt(String::length).max().orElse(1) - 1;
    for (int length = Math.min(longest, held.length()); length > 0; length--) {
      String end = held.substring(held.length() - length);
      if (stops.stream().anyMatch(stop -> stop.startsWith(end))) {
        return length;
      }
    }
    return 0;
  }

  private String take(int length) {
    String taken = held.substring(0, length);
    held.delete(0, length);
    return taken;
  }
}
