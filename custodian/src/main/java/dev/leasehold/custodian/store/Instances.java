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
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The table {@code instance}. */
public final class Instances {
  /** What every message changes. */
  private static final Columns<InstanceRow> MOVING =
      new Columns<InstanceRow>()
          .add("seq", InstanceRow::seq)
          .add("last_seen_at", InstanceRow::lastSeenAt)
          .add("chain_hb", i -> i.known().chainHb().hex())
          .add("chain_grant", i -> i.known().chainGrant().hex())
          .add(Vecs.columns("allow"), i -> Vecs.values(i.account().allow()))
          .add(Vecs.columns("used"), i -> Vecs.values(i.account().used()));

  /** What enrolment, evidence and the end change: columns that many indexes hang on. */
  private static final Columns<InstanceRow> SETTLED =
      new Columns<InstanceRow>()
          .add("state", i -> i.state().name())
          .add(
              "slot",
              i -> i.slot().isPresent() ? Optional.of(i.slot().getAsLong()) : Optional.empty())
          .add("max_active", InstanceRow::maxActive)
          .add("epoch", InstanceRow::epoch)
          .add("ik", i -> HexBytes.of(i.known().ik().ed25519().toArray()).hex())
          .add("sk_hash", i -> i.known().skHash().hex())
          .add("platform_id", i -> i.known().platformId())
          .add("evidence_hash", i -> i.known().evidence().hex());

  private static final String INSERT =
      "INSERT INTO instance (instance_id, lease_id, created_at, state, idempotency_key, max_active,"
          + " epoch, seq, allow_rq, allow_in, allow_out, allow_mf, used_rq, used_in, used_out, used_mf)"
          + " VALUES (?, ?, ?, 'CHALLENGED', ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0)";
  private static final Columns<InstanceRow> ALL =
      new Columns<InstanceRow>().addAll(SETTLED).addAll(MOVING);
  private static final String UPDATE =
      "UPDATE instance SET " + ALL.assignments() + " WHERE instance_id = ?";
  private static final String MOVE =
      "UPDATE instance SET " + MOVING.assignments() + " WHERE instance_id = ?";

  /**
   * An instance's next row.
   *
   * @param moved whether only what every message changes is new
   */
  record Change(InstanceRow row, boolean moved) {}

  /** Sums over the instances of a lease, as the books must show them. */
  public record Sums(Vec allow, Vec used, Vec writtenOff) {}

  private final Work work;

  Instances(Work work) {
    this.work = work;
  }

  public Optional<InstanceRow> find(Id instance) {
    return work.instance(
        instance,
        () ->
            work.sql()
                .find(
                    "SELECT * FROM instance WHERE instance_id = ?",
                    Instances::row,
                    instance.hex()));
  }

  public Optional<InstanceRow> findByIdempotencyKey(String key) {
    return work.query()
        .find("SELECT * FROM instance WHERE idempotency_key = ?", Instances::row, key);
  }

  public List<InstanceRow> ofLease(Id lease) {
    return list("lease_id = ? ORDER BY created_at, instance_id", lease.hex());
  }

  /** ACTIVE and FENCED: what they were promised may still be consumed. */
  public List<InstanceRow> unresolved(Id lease) {
    return list("lease_id = ? AND state IN ('ACTIVE', 'FENCED') ORDER BY instance_id", lease.hex());
  }

  /** How many {@link #unresolved} are. */
  public long countUnresolved(Id lease) {
    return work.query()
        .number(
            "SELECT COUNT(*) FROM instance WHERE lease_id = ? AND state IN ('ACTIVE', 'FENCED')",
            lease.hex());
  }

  /** The slots that are taken, one by each ACTIVE instance. */
  public Set<Long> slots(Id lease) {
    return Set.copyOf(
        work.query()
            .list(
                "SELECT slot FROM instance WHERE lease_id = ? AND state = 'ACTIVE'",
                r -> r.getLong(1),
                lease.hex()));
  }

  /** ACTIVE, and the last sign of life is older than this time. */
  public List<InstanceRow> lastSeenBefore(Id lease, long time) {
    return list(
        "lease_id = ? AND state = 'ACTIVE' AND last_seen_at < ? ORDER BY instance_id",
        lease.hex(),
        time);
  }

  /** The oldest sign of life among those that are ACTIVE. */
  public OptionalLong earliestSeen(Id lease) {
    return work.query()
        .one(
            "SELECT MIN(last_seen_at) AS t FROM instance WHERE lease_id = ? AND state = 'ACTIVE'",
            r -> {
              long time = r.getLong("t");
              return r.wasNull() ? OptionalLong.empty() : OptionalLong.of(time);
            },
            lease.hex());
  }

  public List<InstanceRow> activeOn(String platform) {
    return list("platform_id = ? AND state = 'ACTIVE' ORDER BY lease_id, instance_id", platform);
  }

  private List<InstanceRow> list(String condition, Object... values) {
    return work.query().list("SELECT * FROM instance WHERE " + condition, Instances::row, values);
  }

  public long createdSince(Id lease, long since) {
    return work.query()
        .number(
            "SELECT COUNT(*) FROM instance WHERE lease_id = ? AND created_at > ?",
            lease.hex(),
            since);
  }

  /** Another instance that ever used one of these keys. */
  public boolean keysUsedByOther(Id instance, KeyRecord ik, Hash skHash) {
    return work.query()
            .number(
                "SELECT COUNT(*) FROM instance WHERE instance_id <> ? AND (ik = ? OR sk_hash = ?)",
                instance.hex(),
                HexBytes.of(ik.ed25519().toArray()).hex(),
                skHash.hex())
        > 0;
  }

  public Sums sums(Id lease) {
    return work.query()
        .one(
            "SELECT "
                + sums("allow", "allow_%1$s")
                + ", "
                + sums("used", "used_%1$s")
                + ", "
                + sums(
                    "gone",
                    "CASE WHEN state = 'WRITTEN_OFF' THEN allow_%1$s - used_%1$s ELSE 0 END")
                + " FROM instance WHERE lease_id = ?",
            r -> new Sums(Vecs.read(r, "allow"), Vecs.read(r, "used"), Vecs.read(r, "gone")),
            lease.hex());
  }

  public void insert(Id instance, Id lease, String idempotencyKey, long max, long epoch, long now) {
    work.transaction().reach().require(lease);
    work.direct().update(INSERT, instance.hex(), lease.hex(), now, idempotencyKey, max, epoch);
  }

  public void save(InstanceRow i) {
    work.transaction().reach().require(i.leaseId());
    InstanceRow before =
        find(i.instanceId())
            .orElseThrow(() -> new IllegalStateException("no instance " + i.instanceId()));
    boolean moved =
        before.identity().isPresent() && Arrays.equals(SETTLED.values(before), SETTLED.values(i));
    work.save(new Change(i, moved));
  }

  static void update(Sql sql, List<Change> changes) {
    write(sql, MOVE, MOVING, changes.stream().filter(Change::moved).toList());
    write(sql, UPDATE, ALL, changes.stream().filter(c -> !c.moved).toList());
  }

  private static void write(
      Sql sql, String statement, Columns<InstanceRow> columns, List<Change> changes) {
    int written =
        sql.updateAtOnce(
            statement,
            changes.stream().map(c -> columns.values(c.row, c.row.instanceId().hex())).toList());
    if (written != changes.size()) {
      throw new IllegalStateException("an instance is gone");
    }
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

  static InstanceRow row(ResultSet r) throws SQLException {
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
