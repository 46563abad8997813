package dev.leasehold.custodian.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The table {@code log_entry}: what is to be logged, written with what it is about. */
public final class LogEntries {
  /**
   * {@code added} orders the entries that wait. Whoever logs something about a lease holds the
   * lease, and so sees what was logged about it before: there is no tie among entries of one lease.
   */
  private static final String INSERT =
      "INSERT INTO log_entry (entry_hash, idx, body, added_at, added) VALUES (:hash, NULL, :body, :now,"
          + " (SELECT COALESCE(MAX(added), 0) + 1 FROM log_entry WHERE idx IS NULL))";

  private static final String PLACE =
      "UPDATE log_entry SET idx = :idx WHERE entry_hash = :hash AND idx IS NULL";

  /** An entry that waits for its place in the log. */
  public record Pending(Hash hash, Bytes entry) {}

  /**
   * How much waits.
   *
   * @param oldest when the oldest of them was written
   */
  public record Backlog(long entries, OptionalLong oldest) {}

  private final Handle handle;
  private final long now;

  LogEntries(Handle handle, long now) {
    this.handle = handle;
    this.now = now;
  }

  public void add(Signed<?> statement) {
    handle
        .createUpdate(INSERT)
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
        .map(kind::decodeStored);
  }

  /** What waits longest, in the order in which it is to be logged (protocol §10). */
  public List<Pending> pending(int most) {
    return handle
        .createQuery(
            "SELECT entry_hash, body FROM log_entry WHERE idx IS NULL"
                + " ORDER BY added, entry_hash LIMIT :most")
        .bind("most", most)
        .map((r, context) ->
            new Pending(
                new Hash(r.getString("entry_hash")), Bytes.of(r.getString("body").getBytes(UTF_8))))
        .list();
  }

  public Backlog backlog() {
    return handle
        .createQuery(
            "SELECT COUNT(*) AS n, MIN(added_at) AS oldest FROM log_entry WHERE idx IS NULL")
        .map((r, context) -> {
          long entries = r.getLong("n");
          long oldest = r.getLong("oldest");
          return new Backlog(
              entries, entries == 0 ? OptionalLong.empty() : OptionalLong.of(oldest));
        })
        .one();
  }

  /**
   * Gives entries their places, from {@code first} on.
   *
   * @throws IllegalStateException when one of them has a place already
   */
  public void place(List<Pending> entries, long first) {
    PreparedBatch batch = handle.prepareBatch(PLACE);
    long idx = first;
    for (Pending entry : entries) {
      batch.bind("idx", idx++).bind("hash", entry.hash().hex()).add();
    }
    if (!Arrays.stream(batch.execute()).allMatch(rows -> rows == 1)) {
      throw new IllegalStateException("an entry was sequenced twice");
    }
  }

  /** Where an entry is; empty while it waits, and when there is none. */
  public OptionalLong index(Hash hash) {
    return handle
        .createQuery("SELECT idx FROM log_entry WHERE entry_hash = :hash AND idx IS NOT NULL")
        .bind("hash", hash.hex())
        .mapTo(Long.class)
        .findOne()
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** The entries from {@code first} on that are there, without gaps only if the log has none. */
  public List<Bytes> range(long first, int count) {
    return handle
        .createQuery("SELECT body FROM log_entry WHERE idx >= :first AND idx < :end ORDER BY idx")
        .bind("first", first)
        .bind("end", first + count)
        .mapTo(String.class)
        .map(body -> Bytes.of(body.getBytes(UTF_8)))
        .list();
  }

  /** True when an entry has a place that no checkpoint covers. */
  public boolean isPlacedBeyondCheckpoint() {
    return handle
            .createQuery(
                "SELECT COUNT(*) FROM log_entry"
                    + " WHERE idx >= (SELECT COALESCE(MAX(size), 0) FROM log_checkpoint)")
            .mapTo(Long.class)
            .one()
        > 0;
  }
}
