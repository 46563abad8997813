package dev.leasehold.cli;

import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a lease counts, in words. */
final class Amounts {
  private Amounts() {}

  /** Every component that is not zero, tokens first. */
  static String inWords(Vec v) {
    List<String> parts = new ArrayList<>();
    add(parts, v.outputTokens(), "output token");
    add(parts, v.requests(), "request");
    add(parts, v.inputTokens(), "input token");
    add(parts, v.megaflops(), "megaflop");
    return parts.isEmpty() ? "nothing" : String.join(", ", parts);
  }

  /** An upper bound. */
  static String atMost(Vec v) {
    return v.isZero() ? "nothing" : "at most " + inWords(v);
  }

  private static void add(List<String> parts, long n, String unit) {
    if (n > 0) {
      parts.add(
          String.format(Locale.ROOT, "%,d %s%s", n, unit, n == 1 ? "" : "s").replace(',', ' '));
    }
  }
}
