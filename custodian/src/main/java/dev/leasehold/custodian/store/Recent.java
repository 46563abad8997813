package dev.leasehold.custodian.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The most recently used of what can be had again for more time; the oldest make room. */
public final class Recent<K, V> {
  private final Map<K, V> values;

  /** Remembers up to {@code most} values. */
  public Recent(int most) {
    values =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > most;
          }
        };
  }

  public synchronized Optional<V> find(K key) {
    return Optional.ofNullable(values.get(key));
  }

  public synchronized void put(K key, V value) {
    values.put(key, value);
  }

  /** The value, which is made if it is not there; of two who make it at once, one is remembered. */
  public V get(K key, Supplier<? extends V> make) {
    return find(key)
        .orElseGet(() -> {
          V made = make.get();
          put(key, made);
          return made;
        });
  }
}
