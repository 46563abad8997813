package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.util.List;

/** The table {@code command}: for each lease its commands in order, each with its order. */
public final class CommandRows {
  /** One command with the order behind it, as it is sent. */
  public record Row(long cseq, String body) {}

  private final Transaction transaction;

  CommandRows(Transaction transaction) {
    this.transaction = transaction;
  }

  public List<Row> after(Id lease, long cseq) {
    return transaction
        .handle()
        .createQuery(
            "SELECT cseq, body FROM command WHERE lease_id = :id AND cseq > :cseq ORDER BY cseq")
        .bind("id", lease.hex())
        .bind("cseq", cseq)
        .map((r, context) -> new Row(r.getLong("cseq"), r.getString("body")))
        .list();
  }

  /** Once it is committed, other replicas wake those who wait for it. */
  public void insert(Id lease, Row row) {
    transaction
        .handle()
        .createUpdate("INSERT INTO command (lease_id, cseq, body) VALUES (:id, :cseq, :body)")
        .bind("id", lease.hex())
        .bind("cseq", row.cseq())
        .bind("body", row.body())
        .execute();
    transaction.database().announce(transaction.handle(), lease, row.cseq());
  }
}
