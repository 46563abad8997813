package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.lease.Account;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.Vec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code instance}. */
public final class Instances {
  private static final String INSERT =
      "INSERT INTO instance (instance_id, lease_id, created_at, state, idempotency_key, max_active,"
          + " epoch, seq, "
          + Vecs.names("", "allow", "used")
          + ") VALUES (:id, :lease, :now, 'CHALLENGED', :key, :max, :epoch, 0, 0,0,0,0, 0,0,0,0)";
  private static final String UPDATE =
      "UPDATE instance SET state = :state, ik = :ik, sk_hash = :sk_hash, platform_id = :platform_id,"
          + " slot = :slot, max_active = :max_active, epoch = :epoch, seq = :seq,"
          + " last_seen_at = :last_seen_at, chain_hb = :chain_hb, chain_grant = :chain_grant,"
          + " evidence_hash = :evidence_hash, "
          + Vecs.assignments("allow", "used")
          + " WHERE instance_id = :id";

  /** Sums over the instances of a lease, as the books must show them. */
  public record Sums(Vec allow, Vec used, Vec writtenOff) {}

  private final Handle handle;
  private final Reach reach;

  Instances(Handle handle, Reach reach) {
    this.handle = handle;
    this.reach = reach;
  }

  public Optional<InstanceRow> find(Id instance) {
    return handle
        .createQuery("SELECT * FROM instance WHERE instance_id = :id")
        .bind("id", instance.hex())
        .map(Instances::row)
        .findOne();
  }

  public Optional<InstanceRow> findByIdempotencyKey(String key) {
    return handle
        .createQuery("SELECT * FROM instance WHERE idempotency_key = :key")
        .bind("key", key)
        .map(Instances::row)
        .findOne();
  }

  public List<InstanceRow> ofLease(Id lease) {
    return handle
        .createQuery("SELECT * FROM instance WHERE lease_id = :id ORDER BY created_at, instance_id")
        .bind("id", lease.hex())
        .map(Instances::row)
        .list();
  }

  /** ACTIVE and FENCED: what they were promised may still be consumed. */
  public List<InstanceRow> unresolved(Id lease) {
    return ofLease(lease, "state IN ('ACTIVE', 'FENCED')");
  }

  public List<InstanceRow> active(Id lease) {
    return ofLease(lease, "state = 'ACTIVE'");
  }

  /** ACTIVE, and the last sign of life is older than this time. */
  public List<InstanceRow> lastSeenBefore(Id lease, long time) {
    return handle
        .createQuery(
            "SELECT * FROM instance WHERE lease_id = :id AND state = 'ACTIVE' AND last_seen_at < :time"
                + " ORDER BY instance_id")
        .bind("id", lease.hex())
        .bind("time", time)
        .map(Instances::row)
        .list();
  }

  public List<InstanceRow> activeOn(String platform) {
    return handle
        .createQuery(
            "SELECT * FROM instance WHERE platform_id = :p AND state = 'ACTIVE'"
                + " ORDER BY lease_id, instance_id")
        .bind("p", platform)
        .map(Instances::row)
        .list();
  }

  public long createdSince(Id lease, long since) {
    return handle
        .createQuery("SELECT COUNT(*) FROM instance WHERE lease_id = :id AND created_at > :since")
        .bind("id", lease.hex())
        .bind("since", since)
        .mapTo(Long.class)
        .one();
  }

  /** Another instance that ever used one of these keys. */
  public boolean keysUsedByOther(Id instance, KeyRecord ik, Hash skHash) {
    return handle
            .createQuery(
                "SELECT COUNT(*) FROM instance WHERE instance_id <> :id AND (ik = :ik OR sk_hash = :sk)")
            .bind("id", instance.hex())
            .bind("ik", HexBytes.of(ik.ed25519().toArray()).hex())
            .bind("sk", skHash.hex())
            .mapTo(Long.class)
            .one()
        > 0;
  }

  public Sums sums(Id lease) {
    return handle
        .createQuery(
            "SELECT "
                + sums("allow", "allow_%1$s")
                + ", "
                + sums("used", "used_%1$s")
                + ", "
                + sums(
                    "gone",
                    "CASE WHEN state = 'WRITTEN_OFF' THEN allow_%1$s - used_%1$s ELSE 0 END")
                + " FROM instance WHERE lease_id = :id")
        .bind("id", lease.hex())
        .map((r, context) ->
            new Sums(Vecs.read(r, "allow"), Vecs.read(r, "used"), Vecs.read(r, "gone")))
        .one();
  }

  public void insert(Id instance, Id lease, String idempotencyKey, long max, long epoch, long now) {
    reach.require(lease);
    handle
        .createUpdate(INSERT)
        .bind("id", instance.hex())
        .bind("lease", lease.hex())
        .bind("now", now)
        .bind("key", idempotencyKey)
        .bind("max", max)
        .bind("epoch", epoch)
        .execute();
  }

  public void save(InstanceRow i) {
    reach.require(i.leaseId());
    var update =
        handle
            .createUpdate(UPDATE)
            .bind("id", i.instanceId().hex())
            .bind("state", i.state().name())
            .bind("slot", i.slot().isPresent() ? (Long) i.slot().getAsLong() : null)
            .bind("max_active", i.maxActive())
            .bind("epoch", i.epoch())
            .bind("seq", i.seq())
            .bind("last_seen_at", i.lastSeenAt());
    InstanceRow.Identity known = i.known();
    update
        .bind("ik", HexBytes.of(known.ik().ed25519().toArray()).hex())
        .bind("sk_hash", known.skHash().hex())
        .bind("platform_id", known.platformId())
        .bind("chain_hb", known.chainHb().hex())
        .bind("chain_grant", known.chainGrant().hex())
        .bind("evidence_hash", known.evidence().hex());
    Vecs.bind(update, "allow", i.account().allow());
    Vecs.bind(update, "used", i.account().used());
    if (update.execute() != 1) {
      throw new IllegalStateException("no instance " + i.instanceId());
    }
  }

  private List<InstanceRow> ofLease(Id lease, String condition) {
    return handle
        .createQuery(
            "SELECT * FROM instance WHERE lease_id = :id AND "
                + condition
                + " ORDER BY instance_id")
        .bind("id", lease.hex())
        .map(Instances::row)
        .list();
  }

  private static String sums(String prefix, String term) {
    StringBuilder out = new StringBuilder();
    for (String c : List.of("rq", "in", "out", "mf")) {
      out.append(out.isEmpty() ? "" : ", ")
          .append("COALESCE(SUM(")
          .append(term.formatted(c))
          .append("), 0) AS ")
          .append(prefix)
          .append('_')
          .append(c);
    }
    return out.toString();
  }

  private static InstanceRow row(ResultSet r, StatementContext context) throws SQLException {
    String ik = r.getString("ik");
    Optional<InstanceRow.Identity> identity =
        ik == null
            ? Optional.empty()
            : Optional.of(
                new InstanceRow.Identity(
                    KeyRecord.ed25519(Bytes.of(new HexBytes(ik).bytes())),
                    new Hash(r.getString("sk_hash")),
                    r.getString("platform_id"),
                    new Hash(r.getString("chain_hb")),
                    new Hash(r.getString("chain_grant")),
                    new Hash(r.getString("evidence_hash"))));
    long slotOrZero = r.getLong("slot");
    OptionalLong slot = r.wasNull() ? OptionalLong.empty() : OptionalLong.of(slotOrZero);
    return new InstanceRow(
        new Id(r.getString("instance_id")),
        new Id(r.getString("lease_id")),
        r.getLong("created_at"),
        InstanceState.valueOf(r.getString("state")),
        slot,
        r.getLong("max_active"),
        r.getLong("epoch"),
        r.getLong("seq"),
        r.getLong("last_seen_at"),
        new Account(Vecs.read(r, "allow"), Vecs.read(r, "used")),
        identity);
  }
}
