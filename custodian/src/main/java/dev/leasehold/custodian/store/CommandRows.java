package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.util.List;

/** The table {@code command}: for each lease its commands in order, each with its order. */
public final class CommandRows {
  /** One command with the order behind it, as it is sent. */
  public record Row(long cseq, String body) {}

  private final Work work;

  CommandRows(Work work) {
    this.work = work;
  }

  /** Those of a lease above one {@code cseq}, in order. */
  public List<Row> after(Id lease, long cseq) {
    return work.sql()
        .list(
            "SELECT cseq, body FROM command WHERE lease_id = ? AND cseq > ? ORDER BY cseq",
            r -> new Row(r.getLong("cseq"), r.getString("body")),
            lease.hex(),
            cseq);
  }

  /** The lease's newest {@code cseq}; 0 when it never had a command. */
  public long newest(Id lease) {
    return work.sql()
        .one(
            "SELECT COALESCE(MAX(cseq), 0) FROM command WHERE lease_id = ?",
            r -> r.getLong(1),
            lease.hex());
  }

  /** Once it is committed, other replicas wake those who wait for it. */
  public void insert(Id lease, Row row) {
    work.direct()
        .update(
            "INSERT INTO command (lease_id, cseq, body) VALUES (?, ?, ?)",
            lease.hex(),
            row.cseq(),
            row.body());
    work.transaction().database().announce(work.sql(), lease, row.cseq());
  }
}
