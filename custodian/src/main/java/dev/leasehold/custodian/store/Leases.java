package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Vec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code lease}. Every write raises {@code ver} and is reported for the anchor. */
public final class Leases {
  private static final String[] VECS = {"budget", "expmax", "reserved", "settled", "residual"};
  private static final String INSERT =
      "INSERT INTO lease (lease_id, version, envelope_hash, borrower_id, package_hash, state, epoch,"
          + " incarnation, ver, cseq, "
          + Vecs.names("", VECS)
          + ", "
          + Vecs.names("", "stop")
          + ") VALUES (:lease_id, :version, :envelope_hash, :borrower_id, :package_hash, :state,"
          + " :epoch, :incarnation, :ver, :cseq, "
          + Vecs.names(":", VECS)
          + ", "
          + Vecs.names(":", "stop")
          + ")";
  private static final String UPDATE =
      "UPDATE lease SET version = :version, envelope_hash = :envelope_hash, state = :state,"
          + " epoch = :epoch, incarnation = :incarnation, ver = :ver, cseq = :cseq, "
          + Vecs.assignments(VECS)
          + ", "
          + Vecs.assignments("stop")
          + " WHERE lease_id = :lease_id AND ver = :old_ver";

  private final Handle handle;
  private final Reach reach;
  private final BiConsumer<Id, Long> touched;

  Leases(Handle handle, Reach reach, BiConsumer<Id, Long> touched) {
    this.handle = handle;
    this.reach = reach;
    this.touched = touched;
  }

  public Optional<LeaseRow> find(Id lease) {
    return handle
        .createQuery("SELECT * FROM lease WHERE lease_id = :id")
        .bind("id", lease.hex())
        .map(Leases::row)
        .findOne();
  }

  public LeaseRow get(Id lease) {
    return find(lease).orElseThrow(() -> new IllegalStateException("no lease " + lease));
  }

  /** All leases in the order in which locks are taken. */
  public List<LeaseRow> all() {
    return handle.createQuery("SELECT * FROM lease ORDER BY lease_id").map(Leases::row).list();
  }

  public LeaseRow insert(LeaseRow lease) {
    reach.requireWhole();
    bind(handle.createUpdate(INSERT), lease)
        .bind("borrower_id", lease.borrowerId().hex())
        .bind("package_hash", lease.modelPackage().hex())
        .execute();
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
    reach.require(lease.leaseId());
    LeaseRow next = lease.withVer(ver);
    int rows = bind(handle.createUpdate(UPDATE), next).bind("old_ver", lease.ver()).execute();
    if (rows != 1) {
      throw new IllegalStateException("lease " + lease.leaseId() + " changed under a step");
    }
    touched.accept(next.leaseId(), next.ver());
    return next;
  }

  private static <S extends SqlStatement<S>> S bind(S s, LeaseRow l) {
    s.bind("lease_id", l.leaseId().hex())
        .bind("version", l.version())
        .bind("envelope_hash", l.envelope().hex())
        .bind("state", l.state().name())
        .bind("epoch", l.epoch())
        .bind("incarnation", l.incarnation())
        .bind("ver", l.ver())
        .bind("cseq", l.cseq());
    Vecs.bind(s, "budget", l.ledger().budget());
    Vecs.bind(s, "expmax", l.ledger().exposureMax());
    Vecs.bind(s, "reserved", l.ledger().reserved());
    Vecs.bind(s, "settled", l.ledger().settled());
    Vecs.bind(s, "residual", l.ledger().residual());
    if (l.stop().isPresent()) {
      return Vecs.bind(s, "stop", l.stop().get());
    }
    Long none = null;
    return s.bind("stop_rq", none)
        .bind("stop_in", none)
        .bind("stop_out", none)
        .bind("stop_mf", none);
  }

  private static LeaseRow row(ResultSet r, StatementContext context) throws SQLException {
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
