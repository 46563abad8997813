package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code challenge}: nonces that evidence may answer once. */
public final class Challenges {
  /** One nonce. */
  public record Row(Id instance, Hash challenge, long epoch, long expiresAt, boolean open) {}

  private final Handle handle;

  Challenges(Handle handle) {
    this.handle = handle;
  }

  public Optional<Row> find(Nonce nonce) {
    return handle
        .createQuery("SELECT * FROM challenge WHERE nonce = :nonce")
        .bind("nonce", nonce.hex())
        .map((r, context) ->
            new Row(
                new Id(r.getString("instance_id")),
                new Hash(r.getString("challenge_hash")),
                r.getLong("epoch"),
                r.getLong("expires_at"),
                r.getString("state").equals("OPEN")))
        .findOne();
  }

  /** The first challenge of an instance: the one its hello was answered with. */
  public Hash firstOf(Id instance) {
    return handle
        .createQuery(
            "SELECT challenge_hash FROM challenge WHERE instance_id = :id ORDER BY epoch, expires_at")
        .bind("id", instance.hex())
        .mapTo(String.class)
        .map(Hash::new)
        .first();
  }

  public void insert(Nonce nonce, Id instance, Hash challenge, long epoch, long expiresAt) {
    handle
        .createUpdate(
            "INSERT INTO challenge (nonce, instance_id, challenge_hash, epoch, expires_at, state)"
                + " VALUES (:nonce, :id, :hash, :epoch, :expires, 'OPEN')")
        .bind("nonce", nonce.hex())
        .bind("id", instance.hex())
        .bind("hash", challenge.hex())
        .bind("epoch", epoch)
        .bind("expires", expiresAt)
        .execute();
  }

  /** An instance's unanswered challenge of this epoch that holds until after this time. */
  public Optional<Hash> waiting(Id instance, long epoch, long until) {
    return handle
        .createQuery(
            "SELECT challenge_hash FROM challenge WHERE instance_id = :id AND epoch = :epoch"
                + " AND state = 'OPEN' AND expires_at > :until ORDER BY expires_at DESC")
        .bind("id", instance.hex())
        .bind("epoch", epoch)
        .bind("until", until)
        .mapTo(String.class)
        .map(Hash::new)
        .findFirst();
  }

  /** Consumes a nonce; of several that try, one succeeds. */
  public boolean consume(Nonce nonce) {
    return handle
            .createUpdate(
                "UPDATE challenge SET state = 'USED' WHERE nonce = :nonce AND state = 'OPEN'")
            .bind("nonce", nonce.hex())
            .execute()
        == 1;
  }
}
