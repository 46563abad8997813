package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code log_entry}: what is to be logged, written with what it is about. */
public final class LogEntries {
  private final Handle handle;
  private final long now;

  LogEntries(Handle handle, long now) {
    this.handle = handle;
    this.now = now;
  }

  public void add(Signed<?> statement) {
    handle
        .createUpdate(
            "INSERT INTO log_entry (entry_hash, idx, body, added_at) VALUES (:hash, NULL, :body, :now)")
        .bind("hash", statement.hash().hex())
        .bind("body", statement.envelope().write())
        .bind("now", now)
        .execute();
  }

  public boolean has(Hash hash) {
    return handle
            .createQuery("SELECT COUNT(*) FROM log_entry WHERE entry_hash = :hash")
            .bind("hash", hash.hex())
            .mapTo(Long.class)
            .one()
        > 0;
  }

  public Optional<Envelope> find(Hash hash) {
    return handle
        .createQuery("SELECT body FROM log_entry WHERE entry_hash = :hash")
        .bind("hash", hash.hex())
        .mapTo(String.class)
        .findOne()
        .map(Envelope::parseStored);
  }

  /** The statement of this kind with this hash, if it was logged here. */
  public <T extends Record> Optional<T> body(Kind<T> kind, Hash hash) {
    return find(hash)
        .filter(e -> e.payloadType().equals(kind.payloadType()))
        .map(e -> Envelopes.decode(kind, e));
  }
}
