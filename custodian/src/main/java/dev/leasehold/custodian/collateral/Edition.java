package dev.leasehold.custodian.collateral;

import java.time.Instant;

/**
 * Which issue of something this is, by the vendor's signed word.
 *
 * @param number the vendor's own counter where it has one, else 0
 * @param issued the date it bears
 */
record Edition(long number, Instant issued) {
  static Edition of(Instant issued) {
    return new Edition(0, issued);
  }

  /** True when this must not replace {@code other}: a replay can look newer in one of the two. */
  boolean isOlderThan(Edition other) {
    return number < other.number || issued.isBefore(other.issued);
  }

  @Override
  public String toString() {
    return number == 0 ? issued.toString() : "number " + number + " of " + issued;
  }
}
