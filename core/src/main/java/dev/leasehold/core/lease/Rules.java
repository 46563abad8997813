package dev.leasehold.core.lease;

/** Rules a statement's constructor states about its own values. */
final class Rules {
  private Rules() {}

  /** Throws what the codec turns into a {@code Malformed} of the statement. */
  static void require(boolean holds, String rule, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", found " + found);
    }
  }

  static void atLeastOne(String field, long value) {
    require(value >= 1, field + ": expected at least 1", value);
  }
}
