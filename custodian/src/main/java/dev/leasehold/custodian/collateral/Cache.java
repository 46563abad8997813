package dev.leasehold.custodian.collateral;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proven answers, on disk and, once read, in memory. What is on disk is proven again before it is
 * used; what has expired is not there. An older edition never replaces a newer one.
 */
final class Cache {
  private static final Logger LOG = LoggerFactory.getLogger(Cache.class);

  private final CacheFolder folder;
  private final Prover prover;
  private final InstantSource clock;
  private final Map<Item, Known> contents = new ConcurrentHashMap<>();

  /** What one content of a file turned out to be; no {@code held} for one that is no good. */
  private record Known(CacheFolder.Stamp stamp, Optional<Held> held) {}

  Cache(CacheFolder folder, Prover prover, InstantSource clock) {
    this.folder = folder;
    this.prover = prover;
    this.clock = clock;
  }

  /** What is good for use now. */
  Optional<Held> find(Item item) {
    return known(item).filter(h -> h.proven().holdsAt(clock.instant()));
  }

  /** What was once found good, expired or not: a floor for what may follow it. */
  private Optional<Held> known(Item item) {
    Optional<CacheFolder.Stamp> stamp = folder.stamp(item);
    if (stamp.isEmpty()) {
      contents.remove(item);
      return Optional.empty();
    }
    Known k = contents.get(item);
    if (k == null || !k.stamp.equals(stamp.get())) {
      k = load(item, stamp.get());
    }
    return k.held;
  }

  /** Removes what a crash left unfinished. */
  void tidy() throws IOException {
    folder.tidy();
  }

  List<Item> items() {
    return folder.items();
  }

  /** The proven issuer of an item, as far as it is held. */
  Optional<Proven> issuer(Item item) {
    return item.issuer().flatMap(this::find).map(Held::proven);
  }

  /** Keeps a proven answer; false when what is there is newer, which then stays. */
  boolean offer(Item item, Held held) throws IOException {
    return folder.exclusively(() -> {
      if (isOlder(item, held)) {
        return false;
      }
      folder.write(item, held.entry());
      folder.stamp(item).ifPresent(s -> contents.put(item, new Known(s, Optional.of(held))));
      return true;
    });
  }

  /**
   * Keeps all of them, in one step as far as a disk allows, save those of which something newer is
   * there.
   *
   * @return the items that were kept
   */
  List<Item> offerAll(Map<Item, Held> all) throws IOException {
    return folder.exclusively(() -> {
      Map<Item, Entry> kept = new LinkedHashMap<>();
      all.forEach((item, held) -> {
        if (!isOlder(item, held)) {
          kept.put(item, held.entry());
        }
      });
      folder.writeAll(kept);
      return List.copyOf(kept.keySet());
    });
  }

  private boolean isOlder(Item item, Held held) {
    return known(item)
        .map(there -> held.proven().edition().isOlderThan(there.proven().edition()))
        .orElse(false);
  }

  /** A verdict that hung on a missing issuer is not remembered: the issuer may yet come. */
  private Known load(Item item, CacheFolder.Stamp stamp) {
    Optional<Proven> issuer = issuer(item);
    Known k = new Known(stamp, folder.read(item).flatMap(entry -> prove(item, entry, issuer)));
    if (item.issuer().isEmpty() || issuer.isPresent()) {
      contents.put(item, k);
    }
    return k;
  }

  private Optional<Held> prove(Item item, Entry entry, Optional<Proven> issuer) {
    Instant now = clock.instant();
    try {
      return Optional.of(new Held(entry, prover.prove(item, entry.answer(), issuer, now)));
    } catch (Unproven e) {
      LOG.warn("the cached {} is not used: {}", item.id(), e.reason());
      return Optional.empty();
    }
  }
}
