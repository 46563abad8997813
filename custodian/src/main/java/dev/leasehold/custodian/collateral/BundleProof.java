package dev.leasehold.custodian.collateral;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Proves everything in a bundle, issuers before what they signed. */
final class BundleProof {
  private final Map<Item, Entry> entries;
  private final Prover prover;
  private final Cache cache;
  private final Instant now;
  private final Map<Item, Held> proven = new LinkedHashMap<>();

  BundleProof(Map<Item, Entry> entries, Prover prover, Cache cache, Instant now) {
    this.entries = entries;
    this.prover = prover;
    this.cache = cache;
    this.now = now;
  }

  /** Everything, issuers first, or all the reasons why not. */
  Map<Item, Held> all() throws BundleRefused {
    List<String> reasons = new ArrayList<>();
    for (Item item : entries.keySet()) {
      try {
        prove(item);
      } catch (Unproven e) {
        reasons.add(item.id() + ": " + e.reason());
      }
    }
    if (!reasons.isEmpty()) {
      throw new BundleRefused(reasons);
    }
    return proven;
  }

  private Proven prove(Item item) throws Unproven {
    Held done = proven.get(item);
    if (done != null) {
      return done.proven();
    }
    Entry entry = entries.get(item);
    if (entry == null) {
      return cache
          .find(item)
          .map(Held::proven)
          .orElseThrow(() -> new Unproven(item.id() + " in the bundle or the cache", "none"));
    }
    Optional<Item> issuer = item.issuer();
    Optional<Proven> above = issuer.isEmpty() ? Optional.empty() : Optional.of(prove(issuer.get()));
    Proven p = prover.prove(item, entry.answer(), above, now);
    proven.put(item, new Held(entry.expiring(p.closes()), p));
    return p;
  }
}
