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

  public List<Row> after(Id lease, long cseq) {
    return work.sql()
        .list(
            "SELECT cseq, body FROM command WHERE lease_id = ? AND cseq > ? ORDER BY cseq",
            r -> new Row(r.getLong("cseq"), r.getString("body")),
            lease.hex(),
            cseq);
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
