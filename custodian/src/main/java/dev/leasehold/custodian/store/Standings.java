package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import java.util.List;
import java.util.Optional;

/** The table {@code standing}: every version of every standing object. */
public final class Standings {
  /** One version. */
  public record Version(long version, Hash hash) {}

  /** Versions above one, in an order. */
  record Query(String kind, String id, long above, String order) {}

  private final Work work;

  Standings(Work work) {
    this.work = work;
  }

  public Optional<Version> newest(String kind, String id) {
    return versions(new Query(kind, id, 0, "DESC LIMIT 1")).stream().findFirst();
  }

  /** Versions above {@code version}, in order. */
  public List<Version> newerThan(String kind, String id, long version) {
    return versions(new Query(kind, id, version, "ASC"));
  }

  public void insert(String kind, String id, long version, Hash hash) {
    work.direct()
        .update(
            "INSERT INTO standing (kind, id, version, hash) VALUES (?, ?, ?, ?)",
            kind,
            id,
            version,
            hash.hex());
  }

  private List<Version> versions(Query query) {
    return work.standing(
        query,
        () ->
            work.sql()
                .list(
                    "SELECT version, hash FROM standing WHERE kind = ? AND id = ? AND version > ?"
                        + " ORDER BY version "
                        + query.order,
                    r -> new Version(r.getLong("version"), new Hash(r.getString("hash"))),
                    query.kind,
                    query.id,
                    query.above));
  }
}
