package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.Map;
import java.util.Optional;

/**
 * The table {@code exchange}: the newest two messages of each instance with what was answered, so
 * that a repeated message gets the very same bytes.
 */
public final class Exchanges {
  private static final int KEPT = 2;
  private static final String INSERT =
      "INSERT INTO exchange (instance_id, seq, req_hash, request, reply) VALUES (?, ?, ?, ?, ?)";
  private static final String DROP = "DELETE FROM exchange WHERE instance_id = ? AND seq <= ?";

  /** One message and its answer, which is empty for a heartbeat that came with a final. */
  public record Row(long seq, Hash message, String request, String reply) {}

  /** Which message of which instance. */
  record Key(Id instance, long seq) {}

  private final Work work;

  Exchanges(Work work) {
    this.work = work;
  }

  public Optional<Row> find(Id instance, long seq) {
    return work.exchange(
        new Key(instance, seq),
        () ->
            work.sql()
                .find(
                    "SELECT * FROM exchange WHERE instance_id = ? AND seq = ?",
                    r ->
                        new Row(
                            r.getLong("seq"),
                            new Hash(r.getString("req_hash")),
                            r.getString("request"),
                            r.getString("reply")),
                    instance.hex(),
                    seq));
  }

  /** Records a message and drops what is older than the newest two. */
  public void insert(Id instance, Row row) {
    work.insert(new Key(instance, row.seq()), row);
  }

  static void insert(Sql sql, Map<Key, Row> rows) {
    sql.updateAll(
        DROP,
        rows.keySet().stream().map(k -> new Object[] {k.instance.hex(), k.seq - KEPT}).toList());
    sql.updateAtOnce(
        INSERT,
        rows.entrySet().stream()
            .map(e ->
                new Object[] {
                  e.getKey().instance.hex(),
                  e.getKey().seq,
                  e.getValue().message.hex(),
                  e.getValue().request,
                  e.getValue().reply
                })
            .toList());
  }
}
