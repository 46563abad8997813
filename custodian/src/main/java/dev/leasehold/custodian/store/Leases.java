package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Vec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ObjLongConsumer;

/** The table {@code lease}. Every write raises {@code ver} and is reported for the anchor. */
public final class Leases {
  private static final Columns<LeaseRow> FIXED =
      new Columns<LeaseRow>()
          .add("lease_id", l -> l.leaseId().hex())
          .add("borrower_id", l -> l.borrowerId().hex())
          .add("package_hash", l -> l.modelPackage().hex());
  private static final Columns<LeaseRow> CHANGING =
      new Columns<LeaseRow>()
          .add("version", LeaseRow::version)
          .add("envelope_hash", l -> l.envelope().hex())
          .add("state", l -> l.state().name())
          .add("epoch", LeaseRow::epoch)
          .add("incarnation", LeaseRow::incarnation)
          .add("ver", LeaseRow::ver)
          .add("cseq", LeaseRow::cseq)
          .add(Vecs.columns("budget"), l -> Vecs.values(l.ledger().budget()))
          .add(Vecs.columns("expmax"), l -> Vecs.values(l.ledger().exposureMax()))
          .add(Vecs.columns("reserved"), l -> Vecs.values(l.ledger().reserved()))
          .add(Vecs.columns("settled"), l -> Vecs.values(l.ledger().settled()))
          .add(Vecs.columns("residual"), l -> Vecs.values(l.ledger().residual()))
          .add(Vecs.columns("stop"), l -> orNulls(l.stop()));
  private static final Columns<LeaseRow> ALL =
      new Columns<LeaseRow>().addAll(FIXED).addAll(CHANGING);
  private static final String INSERT =
      "INSERT INTO lease (" + ALL.names() + ") VALUES (" + ALL.placeholders() + ")";
  private static final String UPDATE =
      "UPDATE lease SET " + CHANGING.assignments() + " WHERE lease_id = ? AND ver = ?";

  /**
   * A lease's next row.
   *
   * @param before the {@code ver} that the database has
   */
  record Change(LeaseRow row, long before) {}

  private final Work work;
  private final ObjLongConsumer<Id> touched;

  Leases(Work work, ObjLongConsumer<Id> touched) {
    this.work = work;
    this.touched = touched;
  }

  public Optional<LeaseRow> find(Id lease) {
    return work.lease(
        lease,
        () -> work.sql().find("SELECT * FROM lease WHERE lease_id = ?", Leases::row, lease.hex()));
  }

  public LeaseRow get(Id lease) {
    return find(lease).orElseThrow(() -> new IllegalStateException("no lease " + lease));
  }

  /** All leases in the order in which locks are taken. */
  public List<LeaseRow> all() {
    return work.query().list("SELECT * FROM lease ORDER BY lease_id", Leases::row);
  }

  public LeaseRow insert(LeaseRow lease) {
    work.transaction().reach().requireWhole();
    work.direct().update(INSERT, ALL.values(lease));
    touched.accept(lease.leaseId(), lease.ver());
    return lease;
  }

  /** Writes the row with the next {@code ver}; it must not have changed since it was read. */
  public LeaseRow save(LeaseRow lease) {
    return save(lease, lease.ver() + 1);
  }

  /** As {@link #save(LeaseRow)}, above what an anchor remembers of a lease that was rolled back. */
  public LeaseRow saveAbove(LeaseRow lease, long anchored) {
    return save(lease, Math.max(lease.ver(), anchored) + 1);
  }

  private LeaseRow save(LeaseRow lease, long ver) {
    work.transaction().reach().require(lease.leaseId());
    if (get(lease.leaseId()).ver() != lease.ver()) {
      throw changed(List.of(lease.leaseId()));
    }
    LeaseRow next = lease.withVer(ver);
    work.save(new Change(next, lease.ver()));
    touched.accept(next.leaseId(), next.ver());
    return next;
  }

  static void update(Sql sql, List<Change> changes) {
    int rows =
        sql.updateAtOnce(
            UPDATE,
            changes.stream()
                .map(c -> CHANGING.values(c.row, c.row.leaseId().hex(), c.before))
                .toList());
    if (rows != changes.size()) {
      throw changed(changes.stream().map(c -> c.row.leaseId()).toList());
    }
  }

  private static IllegalStateException changed(List<Id> leases) {
    return new IllegalStateException("of leases " + leases + " one changed under a step");
  }

  private static List<?> orNulls(Optional<Vec> stop) {
    return stop.isPresent() ? Vecs.values(stop.get()) : Collections.nCopies(4, Optional.empty());
  }

  static LeaseRow row(ResultSet r) throws SQLException {
    Optional<Vec> stop =
        r.getObject("stop_rq") == null ? Optional.empty() : Optional.of(Vecs.read(r, "stop"));
    return new LeaseRow(
        new Id(r.getString("lease_id")),
        r.getLong("version"),
        new Hash(r.getString("envelope_hash")),
        new Id(r.getString("borrower_id")),
        new Hash(r.getString("package_hash")),
        LeaseState.valueOf(r.getString("state")),
        r.getLong("epoch"),
        r.getLong("incarnation"),
        r.getLong("ver"),
        r.getLong("cseq"),
        new Ledger(
            Vecs.read(r, "budget"),
            Vecs.read(r, "expmax"),
            Vecs.read(r, "reserved"),
            Vecs.read(r, "settled"),
            Vecs.read(r, "residual")),
        stop);
  }
}
