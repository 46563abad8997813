package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code standing}: every version of every standing object. */
public final class Standings {
  /** One version. */
  public record Version(long version, Hash hash) {}

  private final Handle handle;

  Standings(Handle handle) {
    this.handle = handle;
  }

  public Optional<Version> newest(String kind, String id) {
    return above(kind, id, 0, "DESC LIMIT 1").stream().findFirst();
  }

  /** Versions above {@code version}, in order. */
  public List<Version> newerThan(String kind, String id, long version) {
    return above(kind, id, version, "ASC");
  }

  public void insert(String kind, String id, long version, Hash hash) {
    handle
        .createUpdate(
            "INSERT INTO standing (kind, id, version, hash) VALUES (:kind, :id, :version, :hash)")
        .bind("kind", kind)
        .bind("id", id)
        .bind("version", version)
        .bind("hash", hash.hex())
        .execute();
  }

  private List<Version> above(String kind, String id, long version, String order) {
    return handle
        .createQuery(
            "SELECT version, hash FROM standing WHERE kind = :kind AND id = :id AND version > :version"
                + " ORDER BY version "
                + order)
        .bind("kind", kind)
        .bind("id", id)
        .bind("version", version)
        .map((r, context) -> new Version(r.getLong("version"), new Hash(r.getString("hash"))))
        .list();
  }
}
