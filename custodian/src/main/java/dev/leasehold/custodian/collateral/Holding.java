package dev.leasehold.custodian.collateral;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing a custodian holds, for people and metrics.
 *
 * @param name an item's id, or the name of a file given by hand
 * @param given true for a file
 * @param edition which issue it is; empty for a file
 * @param expiresAt end of the first window in it to end; empty when it is no good: expired, or not
 *     proven
 * @param fetchedAt when the vendor last said it; empty for a file
 * @param trouble why it was not renewed when it was due; empty while all is well
 */
public record Holding(
    String name,
    boolean given,
    String edition,
    Optional<Instant> expiresAt,
    Optional<Instant> fetchedAt,
    Optional<String> trouble) {}
