package dev.leasehold.core.evidence;

import java.util.List;

/**
 * The patch level of a platform in its vendor's own words.
 *
 * @param status as the vendor spells it, {@code OutOfDate} say; empty where the vendor words none
 * @param advisories what is known against this level, {@code INTEL-SA-00615} say
 * @param evaluation number of the vendor's data set that the status is taken from; 0 for none
 */
public record VendorTcb(String status, List<String> advisories, long evaluation) {
  /** The vendor publishes levels but does not judge them. */
  public static final VendorTcb UNWORDED = new VendorTcb("", List.of(), 0);

  public VendorTcb {
    advisories = List.copyOf(advisories);
  }
}
