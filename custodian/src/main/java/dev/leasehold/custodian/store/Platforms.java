package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Tier;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code platform}: every machine a borrower ever named; quarantine is for good. */
public final class Platforms {
  /** One machine. */
  public record Row(String platformId, Id borrower, boolean quarantined) {}

  private final Handle handle;

  Platforms(Handle handle) {
    this.handle = handle;
  }

  public Optional<Row> find(String platformId) {
    return handle
        .createQuery("SELECT * FROM platform WHERE platform_id = :id")
        .bind("id", platformId)
        .map((r, context) ->
            new Row(
                r.getString("platform_id"),
                new Id(r.getString("borrower_id")),
                r.getString("state").equals("QUARANTINED")))
        .findOne();
  }

  /** A new machine, or a known one's new tier. */
  public void put(String platformId, Id borrower, Tier tier) {
    handle
        .createUpdate(
            "INSERT INTO platform (platform_id, borrower_id, tee, tier, state)"
                + " VALUES (:id, :borrower, :tee, :tier, 'ALLOWED')"
                + " ON CONFLICT (platform_id) DO UPDATE SET tier = excluded.tier")
        .bind("id", platformId)
        .bind("borrower", borrower.hex())
        .bind("tee", platformId.substring(0, Math.max(0, platformId.indexOf(':'))))
        .bind("tier", tier.name())
        .execute();
  }

  public void quarantine(String platformId) {
    handle
        .createUpdate("UPDATE platform SET state = 'QUARANTINED' WHERE platform_id = :id")
        .bind("id", platformId)
        .execute();
  }
}
