package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One step's dealings with the database. What it changes waits in memory, so that the heartbeats of
 * a transaction are written together, in a few batches. The first statement that cannot wait ends
 * that for this step: what earlier steps changed is written, a savepoint is set, and from there on
 * the step reads and writes the database itself.
 */
final class Work {
  private final Transaction transaction;
  private final Changes own = new Changes();
  private boolean direct;

  Work(Transaction transaction) {
    this.transaction = transaction;
  }

  Transaction transaction() {
    return transaction;
  }

  /** For queries of tables that are only written at once. */
  Sql sql() {
    return transaction.sql();
  }

  /** For queries of tables whose rows may wait: what waits is written before. */
  Sql query() {
    return own.isEmpty() && transaction.changes().isEmpty() ? sql() : direct();
  }

  /** For statements that write, and so that what the step does next can be undone alone. */
  Sql direct() {
    if (!direct) {
      transaction.requireWritable();
      transaction.write();
      transaction.forget();
      sql().update("SAVEPOINT step");
      direct = true;
      own.write(sql(), transaction.now());
    }
    return sql();
  }

  /** The step is part of its transaction. */
  void keep() {
    if (direct) {
      sql().update("RELEASE SAVEPOINT step");
    } else {
      transaction.changes().addAll(own);
    }
  }

  /** The step has not happened. */
  void undo() {
    if (direct) {
      sql().update("ROLLBACK TO SAVEPOINT step");
      sql().update("RELEASE SAVEPOINT step");
    }
  }

  Optional<LeaseRow> lease(Id lease, Supplier<Optional<LeaseRow>> read) {
    boolean mayChange = direct || !transaction.reach().has(lease);
    return mayChange ? read.get() : own.lease(lease).or(() -> transaction.lease(lease, read));
  }

  void save(Leases.Change change) {
    own.put(change);
    writeIfDirect();
  }

  Optional<InstanceRow> instance(Id instance, Supplier<Optional<InstanceRow>> read) {
    return direct
        ? read.get()
        : own.instance(instance).or(() -> transaction.instance(instance, read));
  }

  void save(Instances.Change change) {
    own.put(change);
    writeIfDirect();
  }

  Optional<Exchanges.Row> exchange(Exchanges.Key key, Supplier<Optional<Exchanges.Row>> read) {
    return own.exchange(key).or(() -> transaction.changes().exchange(key)).or(read);
  }

  void insert(Exchanges.Key key, Exchanges.Row row) {
    own.put(key, row);
    writeIfDirect();
  }

  Optional<String> logged(Hash hash, Supplier<Optional<String>> read) {
    return own.logged(hash).or(() -> transaction.changes().logged(hash)).or(read);
  }

  void log(Hash hash, String entry) {
    own.log(hash, entry);
    writeIfDirect();
  }

  Optional<String> meta(String key, Supplier<Optional<String>> read) {
    return direct ? read.get() : transaction.meta(key, read);
  }

  List<Standings.Version> standing(Standings.Query query, Supplier<List<Standings.Version>> read) {
    return direct ? read.get() : transaction.standing(query, read);
  }

  private void writeIfDirect() {
    if (direct) {
      own.write(sql(), transaction.now());
    }
  }
}
