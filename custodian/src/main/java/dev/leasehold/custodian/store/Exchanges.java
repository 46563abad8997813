package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The table {@code exchange}: the newest two messages of each instance with what was answered, so
 * that a repeated message gets the very same bytes.
 */
public final class Exchanges {
  private static final int KEPT = 2;

  /** One message and its answer, which is empty for a heartbeat that came with a final. */
  public record Row(long seq, Hash message, String request, String reply) {}

  private final Handle handle;

  Exchanges(Handle handle) {
    this.handle = handle;
  }

  public Optional<Row> find(Id instance, long seq) {
    return handle
        .createQuery("SELECT * FROM exchange WHERE instance_id = :id AND seq = :seq")
        .bind("id", instance.hex())
        .bind("seq", seq)
        .map((r, context) ->
            new Row(
                r.getLong("seq"),
                new Hash(r.getString("req_hash")),
                r.getString("request"),
                r.getString("reply")))
        .findOne();
  }

  /** Records a message and drops what is older than the newest two. */
  public void insert(Id instance, Row row) {
    handle
        .createUpdate(
            "INSERT INTO exchange (instance_id, seq, req_hash, request, reply)"
                + " VALUES (:id, :seq, :hash, :request, :reply)")
        .bind("id", instance.hex())
        .bind("seq", row.seq())
        .bind("hash", row.message().hex())
        .bind("request", row.request())
        .bind("reply", row.reply())
        .execute();
    handle
        .createUpdate("DELETE FROM exchange WHERE instance_id = :id AND seq <= :old")
        .bind("id", instance.hex())
        .bind("old", row.seq() - KEPT)
        .execute();
  }
}
