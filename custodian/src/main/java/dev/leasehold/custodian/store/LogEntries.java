package dev.leasehold.custodian.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The table {@code log_entry}: what is to be logged, written with what it is about. */
public final class LogEntries {
  /**
   * {@code added} orders the entries that wait. Whoever logs something about a lease holds the
   * lease, and so sees what was logged about it before: there is no tie among entries of one lease.
   */
  private static final String INSERT =
      "INSERT INTO log_entry (entry_hash, idx, body, added_at, added) VALUES (?, NULL, ?, ?, ?)";

  private static final String NEXT =
      "SELECT COALESCE(MAX(added), 0) + 1 FROM log_entry WHERE idx IS NULL";

  private static final String PLACE =
      "UPDATE log_entry SET idx = ? WHERE entry_hash = ? AND idx IS NULL";

  /** An entry that waits for its place in the log. */
  public record Pending(Hash hash, Bytes entry) {}

  /**
   * How much waits.
   *
   * @param oldest when the oldest of them was written
   */
  public record Backlog(long entries, OptionalLong oldest) {}

  private final Work work;

  LogEntries(Work work) {
    this.work = work;
  }

  public void add(Signed<?> statement) {
    work.log(statement.hash(), statement.envelope().write());
  }

  static void insert(Sql sql, Map<Hash, String> entries, long now) {
    if (entries.isEmpty()) {
      return;
    }
    long added = sql.number(NEXT);
    List<Object[]> rows = new ArrayList<>();
    for (var entry : entries.entrySet()) {
      rows.add(new Object[] {entry.getKey().hex(), entry.getValue(), now, added + rows.size()});
    }
    sql.updateAtOnce(INSERT, rows);
  }

  public boolean has(Hash hash) {
    return text(hash).isPresent();
  }

  public Optional<Envelope> find(Hash hash) {
    return text(hash).map(Envelope::parseStored);
  }

  private Optional<String> text(Hash hash) {
    return work.logged(
        hash, () -> work.sql().text("SELECT body FROM log_entry WHERE entry_hash = ?", hash.hex()));
  }

  /** The statement of this kind with this hash, if it was logged here. */
  public <T extends Record> Optional<T> body(Kind<T> kind, Hash hash) {
    return find(hash)
        .filter(e -> e.payloadType().equals(kind.payloadType()))
        .map(kind::decodeStored);
  }

  /** What waits longest, in the order in which it is to be logged (protocol §10). */
  public List<Pending> pending(long most) {
    return work.query()
        .list(
            "SELECT entry_hash, body FROM log_entry WHERE idx IS NULL"
                + " ORDER BY added, entry_hash LIMIT ?",
            r -> new Pending(new Hash(r.getString("entry_hash")), entry(r.getString("body"))),
            most);
  }

  public Backlog backlog() {
    return work.query()
        .one(
            "SELECT COUNT(*) AS n, MIN(added_at) AS oldest FROM log_entry WHERE idx IS NULL",
            r -> {
              long entries = r.getLong("n");
              long oldest = r.getLong("oldest");
              return new Backlog(
                  entries, entries == 0 ? OptionalLong.empty() : OptionalLong.of(oldest));
            });
  }

  /**
   * Gives entries their places, from {@code first} on.
   *
   * @throws IllegalStateException when one of them has a place already
   */
  public void place(List<Pending> entries, long first) {
    List<Object[]> places = new ArrayList<>();
    for (Pending entry : entries) {
      places.add(new Object[] {first + places.size(), entry.hash().hex()});
    }
    if (work.direct().updateAll(PLACE, places) != places.size()) {
      throw new IllegalStateException("an entry was sequenced twice");
    }
  }

  /** Where an entry is; empty while it waits, and when there is none. */
  public OptionalLong index(Hash hash) {
    return work.query()
        .find(
            "SELECT idx FROM log_entry WHERE entry_hash = ? AND idx IS NOT NULL",
            r -> r.getLong(1),
            hash.hex())
        .map(OptionalLong::of)
        .orElse(OptionalLong.empty());
  }

  /** The entries from {@code first} on that are there, without gaps only if the log has none. */
  public List<Bytes> range(long first, int count) {
    return work.query()
        .list(
            "SELECT body FROM log_entry WHERE idx >= ? AND idx < ? ORDER BY idx",
            r -> entry(r.getString(1)),
            first,
            first + count);
  }

  /** True when an entry has a place that no checkpoint covers. */
  public boolean isPlacedBeyondCheckpoint() {
    return work.query()
            .number(
                "SELECT COUNT(*) FROM log_entry"
                    + " WHERE idx >= (SELECT COALESCE(MAX(size), 0) FROM log_checkpoint)")
        > 0;
  }

  private static Bytes entry(String body) {
    return Bytes.of(body.getBytes(UTF_8));
  }
}
