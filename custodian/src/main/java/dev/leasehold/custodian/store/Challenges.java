package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The table {@code challenge}: nonces that evidence may answer once. */
public final class Challenges {
  /** One nonce. */
  public record Row(Id instance, Hash challenge, long epoch, long expiresAt, boolean open) {}

  private final Work work;

  Challenges(Work work) {
    this.work = work;
  }

  public Optional<Row> find(Nonce nonce) {
    return work.sql()
        .find(
            "SELECT * FROM challenge WHERE nonce = ?",
            r ->
                new Row(
                    new Id(r.getString("instance_id")),
                    new Hash(r.getString("challenge_hash")),
                    r.getLong("epoch"),
                    r.getLong("expires_at"),
                    r.getString("state").equals("OPEN")),
            nonce.hex());
  }

  /** The first challenge of an instance: the one its hello was answered with. */
  public Hash firstOf(Id instance) {
    return work.sql()
        .one(
            "SELECT challenge_hash FROM challenge WHERE instance_id = ? ORDER BY epoch, expires_at",
            Challenges::hash,
            instance.hex());
  }

  public void insert(Nonce nonce, Id instance, Hash challenge, long epoch, long expiresAt) {
    work.direct()
        .update(
            "INSERT INTO challenge (nonce, instance_id, challenge_hash, epoch, expires_at, state)"
                + " VALUES (?, ?, ?, ?, ?, 'OPEN')",
            nonce.hex(),
            instance.hex(),
            challenge.hex(),
            epoch,
            expiresAt);
  }

  /** An instance's unanswered challenge of this epoch that holds until after this time. */
  public Optional<Hash> waiting(Id instance, long epoch, long until) {
    return work.sql()
        .find(
            "SELECT challenge_hash FROM challenge WHERE instance_id = ? AND epoch = ?"
                + " AND state = 'OPEN' AND expires_at > ? ORDER BY expires_at DESC",
            Challenges::hash,
            instance.hex(),
            epoch,
            until);
  }

  /** Consumes a nonce; of several that try, one succeeds. */
  public boolean consume(Nonce nonce) {
    return work.direct()
            .update(
                "UPDATE challenge SET state = 'USED' WHERE nonce = ? AND state = 'OPEN'",
                nonce.hex())
        == 1;
  }

  private static Hash hash(ResultSet row) throws SQLException {
    return new Hash(row.getString(1));
  }
}
