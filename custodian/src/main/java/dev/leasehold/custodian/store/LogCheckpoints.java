package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/** The table {@code log_checkpoint}: every checkpoint this log has published, by its size. */
public final class LogCheckpoints {
  /** A signed note, and what it says. */
  public record Row(long size, Hash root, String note) {}

  private final Handle handle;
  private final LogHead head;
  private final Consumer<Runnable> afterCommit;

  LogCheckpoints(Handle handle, LogHead head, Consumer<Runnable> afterCommit) {
    this.handle = handle;
    this.head = head;
    this.afterCommit = afterCommit;
  }

  public Optional<Row> newest() {
    return handle
        .createQuery("SELECT * FROM log_checkpoint ORDER BY size DESC LIMIT 1")
        .map((r, context) -> read(r))
        .findOne();
  }

  public Optional<Row> find(long size) {
    return handle
        .createQuery("SELECT * FROM log_checkpoint WHERE size = :size")
        .bind("size", size)
        .map((r, context) -> read(r))
        .findOne();
  }

  /** Published with the commit. */
  public void insert(Row row) {
    handle
        .createUpdate("INSERT INTO log_checkpoint (size, root, note) VALUES (:size, :root, :note)")
        .bind("size", row.size())
        .bind("root", row.root().hex())
        .bind("note", row.note())
        .execute();
    afterCommit.accept(() -> head.advance(row));
  }

  private static Row read(ResultSet r) throws SQLException {
    return new Row(r.getLong("size"), new Hash(r.getString("root")), r.getString("note"));
  }
}
