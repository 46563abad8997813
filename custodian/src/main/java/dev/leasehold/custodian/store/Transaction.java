package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the steps of one transaction share: a connection, a time, what is held, what earlier steps
 * have changed, and what they have read that nobody else can change meanwhile.
 */
final class Transaction {
  private final Database database;
  private final Sql sql;
  private final Recent<Hash, Record> bodies;
  private final LogHead head;
  private final long now;
  private final Reach reach;
  private final boolean readOnly;
  private final List<LeaseRow> held;
  private final Changes changes = new Changes();
  private final Map<Id, LeaseRow> leases = new HashMap<>();
  private final Map<Id, InstanceRow> instances = new HashMap<>();
  private final Map<String, Optional<String>> meta = new HashMap<>();
  private final Map<Standings.Query, List<Standings.Version>> standings = new HashMap<>();

  /**
   * A transaction that has begun.
   *
   * @param held rows that were read with the lock that keeps them as they are
   */
  Transaction(
      Database database,
      Sql sql,
      Recent<Hash, Record> bodies,
      LogHead head,
      long now,
      Reach reach,
      Database.Held held) {
    this(database, sql, bodies, head, now, reach, held.leases(), false);
    held.leases().forEach(l -> leases.put(l.leaseId(), l));
    held.instances().forEach(i -> instances.put(i.instanceId(), i));
  }

  private Transaction(
      Database database,
      Sql sql,
      Recent<Hash, Record> bodies,
      LogHead head,
      long now,
      Reach reach,
      List<LeaseRow> held,
      boolean readOnly) {
    this.database = database;
    this.sql = sql;
    this.bodies = bodies;
    this.head = head;
    this.now = now;
    this.reach = reach;
    this.held = held;
    this.readOnly = readOnly;
  }

  /** For looking at what is committed; each statement sees the newest. */
  static Transaction readOnly(
      Database database, Sql sql, Recent<Hash, Record> bodies, LogHead head, long now) {
    return new Transaction(database, sql, bodies, head, now, Reach.NO_LEASE, List.of(), true);
  }

  Database database() {
    return database;
  }

  Sql sql() {
    return sql;
  }

  /** Parsed statements; a hash names one content for ever, so they do not go stale. */
  Recent<Hash, Record> bodies() {
    return bodies;
  }

  LogHead head() {
    return head;
  }

  void requireWritable() {
    if (readOnly) {
      throw new IllegalStateException("this transaction is read-only");
    }
  }

  /** One value for all its steps, in ms since the epoch. */
  long now() {
    return now;
  }

  Reach reach() {
    return reach;
  }

  /** Leases as they were committed when this transaction began to hold them. */
  List<LeaseRow> held() {
    return held;
  }

  /** Of steps that are kept. */
  Changes changes() {
    return changes;
  }

  /** Tells the database what kept steps have changed. */
  void write() {
    changes.write(sql, now);
  }

  Optional<LeaseRow> lease(Id lease, Supplier<Optional<LeaseRow>> read) {
    return changes.lease(lease).or(() -> known(leases, lease, read));
  }

  Optional<InstanceRow> instance(Id instance, Supplier<Optional<InstanceRow>> read) {
    return changes.instance(instance).or(() -> known(instances, instance, read));
  }

  Optional<String> meta(String key, Supplier<Optional<String>> read) {
    return meta.computeIfAbsent(key, k -> read.get());
  }

  List<Standings.Version> standing(Standings.Query query, Supplier<List<Standings.Version>> read) {
    return standings.computeIfAbsent(query, q -> read.get());
  }

  private static <R> Optional<R> known(Map<Id, R> rows, Id id, Supplier<Optional<R>> read) {
    R row = rows.get(id);
    if (row != null) {
      return Optional.of(row);
    }
    Optional<R> found = read.get();
    found.ifPresent(r -> rows.put(id, r));
    return found;
  }

  /** A step writes at once: what was read may change. */
  void forget() {
    leases.clear();
    instances.clear();
    meta.clear();
    standings.clear();
  }
}
