package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The collateral a custodian has: files given by hand, and vendors' answers, fetched as evidence
 * needs them unless the custodian is offline.
 */
public final class Library implements AutoCloseable {
  private final Anchors anchors;
  private final IntelUpdate update;
  private final Duration patience;
  private final InstantSource clock;
  private final GivenFiles given;
  private final Cache cache;
  private final Prover prover;
  private final Counters counters;
  private final Optional<Desk> desk;

  /** How vendors are reached and how time passes; tests have their own. */
  interface Outside {
    Transport transport(CollateralConfig config);

    Pause pause(InstantSource clock);

    /** The real one. */
    Outside REAL =
        new Outside() {
          @Override
          public Transport transport(CollateralConfig c) {
            return new VendorHttp(c.connect(), c.answer(), c.maxBytes());
          }

          @Override
          public Pause pause(InstantSource clock) {
            return moment -> {
              Instant now = clock.instant();
              if (moment.isAfter(now)) {
                Thread.sleep(Duration.between(now, moment));
              }
            };
          }
        };
  }

  private Library(CollateralConfig config, Anchors anchors, InstantSource clock, Outside outside)
      throws IOException, Malformed {
    this.anchors = anchors;
    this.update = config.intelUpdate();
    this.patience = config.patience();
    this.clock = clock;
    this.given = new GivenFiles(config.given());
    this.prover = new Prover(anchors);
    this.cache = new Cache(new CacheFolder(config.cache()), prover, clock);
    this.counters = new Counters();
    this.desk =
        config.offline()
            ? Optional.empty()
            : Optional.of(Desk.open(config, prover, cache, counters, clock, outside));
  }

  /**
   * Opens the folders of a custodian, running or not.
   *
   * @param anchors the only roots that anything is proven by
   */
  public static Library open(CollateralConfig config, Anchors anchors, InstantSource clock)
      throws IOException, Malformed {
    return open(config, anchors, clock, Outside.REAL);
  }

  static Library open(
      CollateralConfig config, Anchors anchors, InstantSource clock, Outside outside)
      throws IOException, Malformed {
    return new Library(config, anchors, clock, outside);
  }

  /** Renews what is due from now on, until closed; nothing when offline. */
  public void start() {
    desk.ifPresent(Desk::start);
  }

  /**
   * What there is to judge this evidence with. What is missing is asked for, and waited for as long
   * as the configuration allows.
   */
  public Supply supply(Evidence evidence) {
    long until = System.nanoTime() + patience.toNanos();
    Collateral hand = given.current();
    Supply first = supply(hand, Needs.of(evidence, hand, anchors, update, clock.instant()), until);
    Collateral had = first.collateral();
    List<Need> more = Needs.following(evidence, had, anchors, clock.instant());
    return supply(had, more, until).awaitingToo(first.awaited());
  }

  Supply supply(Collateral hand, List<Need> needs) {
    return supply(hand, needs, System.nanoTime() + patience.toNanos());
  }

  private Supply supply(Collateral hand, List<Need> needs, long until) {
    List<String> awaited = desk.map(d -> d.provide(needs, until)).orElseGet(List::of);
    Collateral all = hand;
    for (Need need : needs) {
      Optional<Held> held = cache.find(need.item());
      all = held.isEmpty() ? all : all.and(held.get().proven().collateral());
    }
    return new Supply(all, awaited);
  }

  /** Asks now for what is due; the pass that {@link #start} makes every minute. */
  List<CompletableFuture<Outcome>> renew() {
    return desk.map(Desk::renew).orElseGet(List::of);
  }

  /** Everything held, files first. */
  public List<Holding> holdings() {
    List<Holding> out = new ArrayList<>();
    given.byFile().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> out.add(file(e.getKey(), e.getValue())));
    cache.items().forEach(item -> out.add(holding(item)));
    return out;
  }

  public Counters counters() {
    return counters;
  }

  /**
   * Writes what is good now into one file, for a custodian that asks nobody.
   *
   * @return the names of what is in it
   */
  public List<String> exportTo(Path file) throws IOException {
    List<Entry> entries =
        cache.items().stream().flatMap(i -> cache.find(i).stream()).map(Held::entry).toList();
    Bundle.write(file, entries);
    return entries.stream().map(Entry::id).toList();
  }

  /**
   * Takes in what {@link #exportTo} wrote: all of it, or nothing when any of it is not proven. What
   * is older than what is held is passed over.
   *
   * @return the names of what was kept
   */
  public List<String> importFrom(Path file) throws IOException, Malformed, BundleRefused {
    Map<Item, Held> proven =
        new BundleProof(Bundle.read(file), prover, cache, clock.instant()).all();
    return cache.offerAll(proven).stream().map(Item::id).toList();
  }

  @Override
  public void close() {
    desk.ifPresent(Desk::close);
  }

  private Holding holding(Item item) {
    Optional<Held> held = cache.find(item);
    return new Holding(
        item.id(),
        false,
        held.map(h -> h.proven().edition().toString()).orElse(""),
        held.map(h -> h.proven().closes()),
        held.map(h -> h.entry().fetched()),
        desk.flatMap(d -> d.trouble(item)));
  }

  private static Holding file(String name, Collateral content) {
    return new Holding(
        name, true, "", Window.closes(content.windows()), Optional.empty(), Optional.empty());
  }
}
