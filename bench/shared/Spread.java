package dev.leasehold.custodian;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;

/** How long many of the same took, from the shortest to the longest. */
record Spread(long[] nanos) {
  Spread {
    nanos = nanos.clone();
    Arrays.sort(nanos);
  }

  static Spread of(LongStream nanos) {
    return new Spread(nanos.toArray());
  }

  int count() {
    return nanos.length;
  }

  double millis(double quantile) {
    int last = nanos.length - 1;
    return last < 0 ? Double.NaN : nanos[(int) Math.min(last, nanos.length * quantile)] / 1e6;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms, p99 %.1f ms, longest %.1f ms",
        millis(0.5),
        millis(0.99),
        millis(1));
  }
}
