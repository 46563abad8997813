package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What steps have changed and the database has not been told yet: rows of the four tables that
 * every heartbeat writes.
 */
final class Changes {
  private final Map<Id, Leases.Change> leases = new LinkedHashMap<>();
  private final Map<Id, Instances.Change> instances = new LinkedHashMap<>();
  private final Map<Exchanges.Key, Exchanges.Row> exchanges = new LinkedHashMap<>();
  private final Map<Hash, String> logged = new LinkedHashMap<>();

  boolean isEmpty() {
    return leases.isEmpty() && instances.isEmpty() && exchanges.isEmpty() && logged.isEmpty();
  }

  Optional<LeaseRow> lease(Id lease) {
    return Optional.ofNullable(leases.get(lease)).map(Leases.Change::row);
  }

  /** A lease's next row; of several, the database is told the last. */
  void put(Leases.Change next) {
    leases.merge(
        next.row().leaseId(), next, (old, later) -> new Leases.Change(later.row(), old.before()));
  }

  Optional<InstanceRow> instance(Id instance) {
    return Optional.ofNullable(instances.get(instance)).map(Instances.Change::row);
  }

  void put(Instances.Change next) {
    instances.merge(
        next.row().instanceId(),
        next,
        (old, later) -> new Instances.Change(later.row(), old.moved() && later.moved()));
  }

  Optional<Exchanges.Row> exchange(Exchanges.Key key) {
    return Optional.ofNullable(exchanges.get(key));
  }

  void put(Exchanges.Key key, Exchanges.Row row) {
    exchanges.put(key, row);
  }

  Optional<String> logged(Hash hash) {
    return Optional.ofNullable(logged.get(hash));
  }

  void log(Hash hash, String entry) {
    if (logged.put(hash, entry) != null) {
      throw new IllegalStateException("logged twice: " + hash);
    }
  }

  /** Adds what a later step has changed. */
  void addAll(Changes later) {
    later.leases.values().forEach(this::put);
    later.instances.values().forEach(this::put);
    exchanges.putAll(later.exchanges);
    later.logged.forEach(this::log);
  }

  /** Tells the database, one batch a table, and forgets. */
  void write(Sql sql, long now) {
    if (isEmpty()) {
      return;
    }
    Leases.update(sql, List.copyOf(leases.values()));
    Instances.update(sql, List.copyOf(instances.values()));
    Exchanges.insert(sql, exchanges);
    LogEntries.insert(sql, logged, now);
    leases.clear();
    instances.clear();
    exchanges.clear();
    logged.clear();
  }
}
