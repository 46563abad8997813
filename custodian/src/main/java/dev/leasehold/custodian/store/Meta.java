package dev.leasehold.custodian.store;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code meta}: facts about this database as a whole. */
public final class Meta {
  private final Handle handle;

  Meta(Handle handle) {
    this.handle = handle;
  }

  public Optional<String> find(String key) {
    return handle
        .createQuery("SELECT v FROM meta WHERE k = :k")
        .bind("k", key)
        .mapTo(String.class)
        .findOne();
  }

  public String get(String key) {
    return find(key).orElseThrow(() -> new IllegalStateException("meta has no '" + key + "'"));
  }

  public void put(String key, String value) {
    handle
        .createUpdate(
            "INSERT INTO meta (k, v) VALUES (:k, :v) ON CONFLICT (k) DO UPDATE SET v = excluded.v")
        .bind("k", key)
        .bind("v", value)
        .execute();
  }

  /** The generation of this database (protocol §6). */
  public long incarnation() {
    return Long.parseLong(get("incarnation"));
  }
}
