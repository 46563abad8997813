package dev.leasehold.adversary.world;

import dev.leasehold.core.lease.Vec;
import java.util.Random;

/**
 * The numbers of a small lease, chosen so that every cap is met within a hundred steps.
 *
 * @param lifeMs how long the lease is valid
 */
public record Limits(
    Vec budget,
    Vec tranche,
    Vec exposureMax,
    long maxActive,
    long bootsPerHour,
    long heartbeatMs,
    long ttlMs,
    long quantum,
    long minRequests,
    long topUpPercent,
    long lifeMs) {
  private static final long HOUR_MS = 3_600_000;

  /** Draws limits. */
  public static Limits of(Random random) {
    long quantum = 1L << random.nextInt(5);
    Vec tranche = new Vec(5 + random.nextInt(20), 0, quantum * (8 + random.nextInt(40)), 0);
    Vec exposureMax = tranche.times(1 + random.nextInt(4));
    Vec budget = exposureMax.plus(tranche.times(random.nextInt(8)));
    long heartbeatMs = 1_000L * (1 + random.nextInt(10));
    return new Limits(
        budget,
        tranche,
        exposureMax,
        1 + random.nextInt(4),
        random.nextInt(8) == 0 ? 3 : 1_000,
        heartbeatMs,
        heartbeatMs * (2 + random.nextInt(3)),
        quantum,
        1 + random.nextInt(4),
        random.nextBoolean() ? 50 : 0,
        HOUR_MS * (random.nextInt(6) == 0 ? 1 : 1_000));
  }

  /** The same lease with more budget. */
  public Limits raised(Vec more) {
    return new Limits(
        budget.plus(more),
        tranche,
        exposureMax,
        maxActive,
        bootsPerHour,
        heartbeatMs,
        ttlMs,
        quantum,
        minRequests,
        topUpPercent,
        lifeMs);
  }
}
