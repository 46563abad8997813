package dev.leasehold.custodian.store;

import java.util.Optional;

/** The table {@code meta}: facts about this database as a whole. */
public final class Meta {
  private final Work work;

  Meta(Work work) {
    this.work = work;
  }

  public Optional<String> find(String key) {
    return work.meta(key, () -> work.sql().text("SELECT v FROM meta WHERE k = ?", key));
  }

  public String get(String key) {
    return find(key).orElseThrow(() -> new IllegalStateException("meta has no '" + key + "'"));
  }

  public void put(String key, String value) {
    work.direct()
        .update(
            "INSERT INTO meta (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
            key,
            value);
  }

  /** The generation of this database (protocol §6). */
  public long incarnation() {
    return Long.parseLong(get("incarnation"));
  }
}
