package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Tier;
import java.util.Optional;

/** The table {@code platform}: every machine a borrower ever named; quarantine is for good. */
public final class Platforms {
  /** One machine. */
  public record Row(String platformId, Id borrower, boolean quarantined) {}

  private final Work work;

  Platforms(Work work) {
    this.work = work;
  }

  public Optional<Row> find(String platformId) {
    return work.sql()
        .find(
            "SELECT * FROM platform WHERE platform_id = ?",
            r ->
                new Row(
                    r.getString("platform_id"),
                    new Id(r.getString("borrower_id")),
                    r.getString("state").equals("QUARANTINED")),
            platformId);
  }

  /** A new machine, or a known one's new tier. */
  public void put(String platformId, Id borrower, Tier tier) {
    work.direct()
        .update(
            "INSERT INTO platform (platform_id, borrower_id, tee, tier, state)"
                + " VALUES (?, ?, ?, ?, 'ALLOWED')"
                + " ON CONFLICT (platform_id) DO UPDATE SET tier = excluded.tier",
            platformId,
            borrower.hex(),
            platformId.substring(0, Math.max(0, platformId.indexOf(':'))),
            tier.name());
  }

  public void quarantine(String platformId) {
    work.direct()
        .update("UPDATE platform SET state = 'QUARANTINED' WHERE platform_id = ?", platformId);
  }
}
