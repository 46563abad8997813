package dev.leasehold.custodian.collateral;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a custodian comes by collateral.
 *
 * @param given a folder of files as vendors serve them, put there by hand; may be absent
 * @param cache a folder of what was fetched or imported; made when first needed
 * @param offline true: no vendor is ever asked, only {@code given} and {@code cache} serve
 * @param sources where the vendors' services are
 * @param intelUpdate which of Intel's judgements is asked for
 * @param patience the longest an enrolment is held up by a vendor
 * @param connect the longest for a connection
 * @param answer the longest for one whole answer
 * @param maxBytes the largest answer that is read
 * @param recheck how old something that a vendor may revise grows before it is asked for again
 * @param early how long before its end something is renewed; never more than a third of its life
 */
public record CollateralConfig(
    Path given,
    Path cache,
    boolean offline,
    Sources sources,
    IntelUpdate intelUpdate,
    Duration patience,
    Duration connect,
    Duration answer,
    long maxBytes,
    Duration recheck,
    Duration early) {
  private static final long SMALLEST_LIMIT = 1 << 10;

  public CollateralConfig {
    requirePositive("patience", patience);
    requirePositive("connect", connect);
    requirePositive("answer", answer);
    requirePositive("recheck", recheck);
    requirePositive("early", early);
    if (maxBytes < SMALLEST_LIMIT || maxBytes > Entry.MAX_BYTES / 2) {
      throw new IllegalArgumentException(
          "maxBytes: expected "
              + SMALLEST_LIMIT
              + " to "
              + Entry.MAX_BYTES / 2
              + ", found "
              + maxBytes);
    }
  }

  /** Nothing is asked: files by hand and what was imported. */
  public static CollateralConfig offline(Path custodian) {
    return new CollateralConfig(
        custodian.resolve("collateral"),
        custodian.resolve("collateral-cache"),
        true,
        Sources.VENDORS,
        IntelUpdate.STANDARD,
        Duration.ofSeconds(10),
        Duration.ofSeconds(3),
        Duration.ofSeconds(8),
        1 << 20,
        Duration.ofHours(24),
        Duration.ofDays(7));
  }

  /** The same, asking these services. */
  public CollateralConfig asking(Sources services) {
    return new CollateralConfig(
        given,
        cache,
        false,
        services,
        intelUpdate,
        patience,
        connect,
        answer,
        maxBytes,
        recheck,
        early);
  }

  /** The same, holding an enrolment up for at most this long. */
  public CollateralConfig waiting(Duration longest) {
    return new CollateralConfig(
        given,
        cache,
        offline,
        sources,
        intelUpdate,
        longest,
        connect,
        answer,
        maxBytes,
        recheck,
        early);
  }

  /** The same, asking for these of Intel's judgements. */
  public CollateralConfig updating(IntelUpdate which) {
    return new CollateralConfig(
        given, cache, offline, sources, which, patience, connect, answer, maxBytes, recheck, early);
  }

  private static void requirePositive(String key, Duration d) {
    if (!d.isPositive()) {
      throw new IllegalArgumentException(key + ": expected more than nothing, found " + d);
    }
  }
}
