package dev.leasehold.adversary.oracle;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Vec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The custodian's tables at one instant, read with plain SQL and none of its own code.
 *
 * @param instances that have enrolled, by id
 */
public record Books(Lease lease, Map<Id, Instance> instances) {

  /** The one row of the table of leases. */
  public record Lease(
      LeaseState state,
      long ver,
      long version,
      long epoch,
      long cseq,
      Vec budget,
      Vec reserved,
      Vec settled,
      Vec residual) {}

  /** One row of the table of instances; {@code ik} is the keyid of the enclave's key. */
  public record Instance(
      InstanceState state, long epoch, long seq, Hash ik, String platform, Vec allow, Vec used) {}

  /** Reads them. */
  public static Books read(Connection connection) {
    try (Statement s = connection.createStatement()) {
      return new Books(lease(s), instances(s));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What was logged: envelopes by their hash. */
  public static Map<String, String> log(Connection connection) {
    Map<String, String> out = new LinkedHashMap<>();
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery("SELECT entry_hash, body FROM log_entry")) {
      while (r.next()) {
        out.put(r.getString(1), r.getString(2));
      }
      return out;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Instances that may still consume what they were promised. */
  public List<Id> unresolved() {
    return in(InstanceState.ACTIVE, InstanceState.FENCED);
  }

  /** Instances in one of these states. */
  public List<Id> in(InstanceState... states) {
    return instances.entrySet().stream()
        .filter(e -> List.of(states).contains(e.getValue().state))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The books of one lease add up: its totals are the sums over its instances. */
  void check() {
    Vec allow = Vec.ZERO;
    Vec settled = Vec.ZERO;
    Vec residual = Vec.ZERO;
    for (Instance i : instances.values()) {
      allow = allow.plus(i.allow);
      settled = settled.plus(i.used);
      if (i.state == InstanceState.WRITTEN_OFF) {
        residual = residual.plus(i.allow.minus(i.used));
      }
    }
    Violation.require(
        lease.reserved.equals(allow), "books: reserved is the sum of allow", "" + this);
    Violation.require(
        lease.settled.equals(settled.plus(residual)),
        "books: settled is the sum of use",
        "" + this);
    Violation.require(
        lease.residual.equals(residual), "books: residual is what was written off", "" + this);
  }

  private static Lease lease(Statement s) throws SQLException {
    try (ResultSet r = s.executeQuery("SELECT * FROM lease")) {
      r.next();
      return new Lease(
          LeaseState.valueOf(r.getString("state")),
          r.getLong("ver"),
          r.getLong("version"),
          r.getLong("epoch"),
          r.getLong("cseq"),
          vec(r, "budget"),
          vec(r, "reserved"),
          vec(r, "settled"),
          vec(r, "residual"));
    }
  }

  private static Map<Id, Instance> instances(Statement s) throws SQLException {
    Map<Id, Instance> out = new TreeMap<>();
    try (ResultSet r = s.executeQuery("SELECT * FROM instance WHERE state <> 'CHALLENGED'")) {
      while (r.next()) {
        out.put(
            new Id(r.getString("instance_id")),
            new Instance(
                InstanceState.valueOf(r.getString("state")),
                r.getLong("epoch"),
                r.getLong("seq"),
                KeyRecord.ed25519(Bytes.of(new HexBytes(r.getString("ik")).bytes())).keyid(),
                r.getString("platform_id"),
                vec(r, "allow"),
                vec(r, "used")));
      }
    }
    return out;
  }

  private static Vec vec(ResultSet r, String name) throws SQLException {
    return new Vec(
        r.getLong(name + "_rq"),
        r.getLong(name + "_in"),
        r.getLong(name + "_out"),
        r.getLong(name + "_mf"));
  }
}
