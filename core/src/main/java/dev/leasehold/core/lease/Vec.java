package dev.leasehold.core.lease;

import java.util.function.LongBinaryOperator;
import java.util.stream.Stream;

/**
 * A budget vector: four cumulative, non-negative counts that are compared and added component by
 * component (protocol §4.1). One megaflop is 10⁶ floating-point operations.
 */
public record Vec(long requests, long inputTokens, long outputTokens, long megaflops) {
  public static final long MAX = 9_007_199_254_740_991L;
  public static final Vec ZERO = new Vec(0, 0, 0, 0);

  public Vec {
    check("requests", requests);
    check("inputTokens", inputTokens);
    check("outputTokens", outputTokens);
    check("megaflops", megaflops);
  }

  public Vec plus(Vec o) {
    return zip(o, Math::addExact);
  }

  /** The difference; every component of {@code o} must be at most this one's. */
  public Vec minus(Vec o) {
    return zip(o, Math::subtractExact);
  }

  /** The sum, or {@link #MAX} where it would be more: for what others claim, which may be a lie. */
  public Vec plusOrMax(Vec o) {
    return zip(o, (a, b) -> Math.min(MAX, a + b));
  }

  /** The difference where positive, else 0. */
  public Vec minusOrZero(Vec o) {
    return zip(o, (a, b) -> Math.max(0, a - b));
  }

  /** All of them by {@link #plusOrMax}. */
  public static Vec sumOrMax(Stream<Vec> all) {
    return all.reduce(ZERO, Vec::plusOrMax);
  }

  public Vec times(long n) {
    return zip(this, (a, same) -> Math.multiplyExact(a, n));
  }

  public Vec min(Vec o) {
    return zip(o, Math::min);
  }

  public Vec max(Vec o) {
    return zip(o, Math::max);
  }

  /** True when every component is at most the other's. */
  public boolean atMost(Vec o) {
    return requests <= o.requests
        && inputTokens <= o.inputTokens
        && outputTokens <= o.outputTokens
        && megaflops <= o.megaflops;
  }

  public boolean isZero() {
    return equals(ZERO);
  }

  public Vec zip(Vec o, LongBinaryOperator f) {
    return new Vec(
        f.applyAsLong(requests, o.requests),
        f.applyAsLong(inputTokens, o.inputTokens),
        f.applyAsLong(outputTokens, o.outputTokens),
        f.applyAsLong(megaflops, o.megaflops));
  }

  public long get(Component c) {
    return switch (c) {
      case REQUESTS -> requests;
      case INPUT_TOKENS -> inputTokens;
      case OUTPUT_TOKENS -> outputTokens;
      case MEGAFLOPS -> megaflops;
    };
  }

  private static void check(String name, long value) {
    if (value < 0 || value > MAX) {
      throw new IllegalArgumentException(name + ": expected 0 to " + MAX + ", found " + value);
    }
  }

  /** What is counted. */
  public enum Component {
    REQUESTS,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    MEGAFLOPS
  }
}
