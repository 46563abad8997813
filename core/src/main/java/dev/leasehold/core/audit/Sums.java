package dev.leasehold.core.audit;

import dev.leasehold.core.lease.Vec;
import java.util.stream.Stream;

/** Sums over what others claim: they stop at the largest number instead of failing. */
final class Sums {
  private Sums() {}

  static Vec plus(Vec a, Vec b) {
    return a.zip(b, (x, y) -> Math.min(Vec.MAX, x + y));
  }

  static Vec of(Stream<Vec> all) {
    return all.reduce(Vec.ZERO, Sums::plus);
  }
}
