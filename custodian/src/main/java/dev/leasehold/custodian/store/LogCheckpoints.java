package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;

/** The table {@code log_checkpoint}: every checkpoint this log has signed, by its size. */
public final class LogCheckpoints {
  /** A signed note, and what it says. */
  public record Row(long size, Hash root, String note) {}

  private final Work work;
  private final Consumer<Runnable> afterCommit;

  LogCheckpoints(Work work, Consumer<Runnable> afterCommit) {
    this.work = work;
    this.afterCommit = afterCommit;
  }

  public Optional<Row> newest() {
    return work.sql()
        .find("SELECT * FROM log_checkpoint ORDER BY size DESC LIMIT 1", LogCheckpoints::read);
  }

  public Optional<Row> find(long size) {
    return work.sql()
        .find("SELECT * FROM log_checkpoint WHERE size = ?", LogCheckpoints::read, size);
  }

  /** Published once it is durable. */
  public void insert(Row row) {
    work.direct()
        .update(
            "INSERT INTO log_checkpoint (size, root, note) VALUES (?, ?, ?)",
            row.size(),
            row.root().hex(),
            row.note());
    publish(row);
  }

  /**
   * Shows everybody a checkpoint that may have been signed elsewhere, or by a transaction that
   * nobody was told of, once all that is committed by now is durable.
   */
  public void publish(Row row) {
    LogHead head = work.transaction().head();
    afterCommit.accept(() -> head.advance(row));
  }

  private static Row read(ResultSet r) throws SQLException {
    return new Row(r.getLong("size"), new Hash(r.getString("root")), r.getString("note"));
  }
}
