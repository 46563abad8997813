package dev.leasehold.custodian.collateral;

import dev.leasehold.custodian.time.Recurring;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where items are asked for. However many want the same item, it is asked for once; what is held
 * and good is used at once and renewed beside.
 */
final class Desk implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
  private static final Duration TICK = Duration.ofMinutes(1);
  private static final Duration NOT_AGAIN = Duration.ofMinutes(10);
  private static final int MOST_REMEMBERED = 1_000;

  private final CollateralConfig config;
  private final Transport transport;
  private final Prover prover;
  private final Fetcher fetcher;
  private final Cache cache;
  private final InstantSource clock;
  private final Map<Item, CompletableFuture<Outcome>> underWay = new ConcurrentHashMap<>();
  private final Map<Item, Tried> tried = new ConcurrentHashMap<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Recurring renewal = new Recurring("collateral-renewal");

  /** How the last attempt ended and when. */
  private record Tried(Instant at, Outcome outcome) {}

  private Desk(
      CollateralConfig config,
      Transport transport,
      Prover prover,
      Fetcher fetcher,
      Cache cache,
      InstantSource clock) {
    this.config = config;
    this.transport = transport;
    this.prover = prover;
    this.fetcher = fetcher;
    this.cache = cache;
    this.clock = clock;
  }

  static Desk open(
      CollateralConfig config,
      Prover prover,
      Cache cache,
      Counters counters,
      InstantSource clock,
      Library.Outside outside)
      throws IOException {
    cache.tidy();
    Transport transport = outside.transport(config);
    Fetcher fetcher =
        new Fetcher(
            config.sources(),
            transport,
            prover,
            cache,
            new Backoff(clock, new SecureRandom()),
            counters,
            clock,
            outside.pause(clock));
    return new Desk(config, transport, prover, fetcher, cache, clock);
  }

  void start() {
    renewal.start("the renewal of collateral", TICK, TICK, this::renew);
  }

  /** Asks again for everything that is due, and for what has expired unrenewed. */
  List<CompletableFuture<Outcome>> renew() {
    return cache.items().stream()
        .filter(Item.Asked.class::isInstance)
        .map(Item.Asked.class::cast)
        .filter(this::isDue)
        .map(this::ask)
        .toList();
  }

  /**
   * Gets what is needed, waiting for what is required and missing.
   *
   * @param until the {@link System#nanoTime} at which waiting ends
   * @return what could not be had and may be later, with the reason
   */
  List<String> provide(List<Need> needs, long until) {
    for (Need need : needs) {
      need.shown().ifPresent(shown -> learn(need.item(), shown));
      if (isDue(need.item())) {
        CompletableFuture<Outcome> _ = ask(need.item());
      }
    }
    List<String> missing = new ArrayList<>();
    for (Need need : needs) {
      if (need.required() && cache.find(need.item()).isEmpty()) {
        passing(await(need.item(), until))
            .ifPresent(reason -> missing.add(need.item().id() + ": " + reason));
      }
    }
    return missing;
  }

  /** Keeps an item's issuer as evidence shows it, once it is proven like a vendor's answer. */
  private void learn(Item item, Entry.Answer shown) {
    Item issuer = item.issuer().orElseThrow();
    if (cache.find(issuer).isPresent()) {
      return;
    }
    Instant now = clock.instant();
    try {
      Proven proven = prover.prove(issuer, shown, Optional.empty(), now);
      Entry entry = Entry.of(issuer, shown, "", "", now).expiring(proven.closes());
      cache.offer(issuer, new Held(entry, proven));
    } catch (Unproven e) {
      LOG.warn("{} is not kept: {}", issuer.id(), e.reason());
    } catch (IOException e) {
      LOG.error("{} cannot be kept: {}", issuer.id(), e.getMessage());
    }
  }

  /** Why an item was not renewed at the last attempt. */
  Optional<String> trouble(Item item) {
    return last(item)
        .flatMap(t ->
            t.outcome instanceof Outcome.Failed f ? Optional.of(f.reason()) : Optional.empty());
  }

  @Override
  public void close() {
    renewal.close();
    workers.shutdownNow();
    transport.close();
  }

  private static Optional<String> passing(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Got _ -> Optional.empty();
      case Outcome.Failed(String reason, boolean passing) ->
          passing ? Optional.of(reason) : Optional.empty();
    };
  }

  private Outcome await(Item.Asked item, long until) {
    long left = until - System.nanoTime();
    try {
      return ask(item).get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return new Outcome.Failed("no answer yet", true);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed("interrupted", true);
    }
  }

  /** Joins the request that is under way, or makes one. */
  private CompletableFuture<Outcome> ask(Item.Asked item) {
    CompletableFuture<Outcome> mine = new CompletableFuture<>();
    CompletableFuture<Outcome> there = underWay.putIfAbsent(item, mine);
    if (there != null) {
      return there;
    }
    workers.execute(() -> {
      Outcome outcome = new Outcome.Failed("stopped", true);
      try {
        outcome = fetch(item);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.error("asking for {} failed", item.id(), e);
      } finally {
        underWay.remove(item, mine);
        mine.complete(outcome);
      }
    });
    return mine;
  }

  /**
   * One at a time for each item. Whoever came before may have got it, or learnt it is not there.
   */
  private Outcome fetch(Item.Asked item) throws InterruptedException {
    Optional<Outcome> known =
        cache.find(item).<Outcome>map(Outcome.Got::new).or(() -> last(item).map(Tried::outcome));
    if (known.isPresent() && !isDue(item)) {
      return known.get();
    }
    Optional<Proven> issuer = cache.issuer(item);
    if (issuer.isEmpty() && item.issuer().isPresent()) {
      Outcome first = issuer(item.issuer().get());
      if (first instanceof Outcome.Failed) {
        return first;
      }
      issuer = cache.issuer(item);
    }
    Instant now = clock.instant();
    Outcome outcome = fetcher.fetch(item, issuer, now.plus(config.patience()));
    remember(item, outcome);
    return outcome;
  }

  private Outcome issuer(Item item) {
    long until = System.nanoTime() + config.patience().toNanos();
    return item instanceof Item.Asked asked
        ? await(asked, until)
        : new Outcome.Failed(item.id() + " was not shown by any evidence yet", true);
  }

  /** Evidence decides what is asked for, so what is remembered of it must not grow with it. */
  private void remember(Item item, Outcome outcome) {
    if (tried.size() >= MOST_REMEMBERED) {
      Instant old = clock.instant().minus(NOT_AGAIN);
      tried.values().removeIf(t -> t.at.isBefore(old));
    }
    if (tried.size() < MOST_REMEMBERED || tried.containsKey(item)) {
      tried.put(item, new Tried(clock.instant(), outcome));
    }
  }

  private boolean isDue(Item.Asked item) {
    Instant now = clock.instant();
    Optional<Tried> last = last(item);
    Optional<Held> held = cache.find(item);
    if (held.isEmpty()) {
      return last.filter(t -> isSettled(t.outcome) && now.isBefore(t.at.plus(NOT_AGAIN))).isEmpty();
    }
    boolean recent = last.filter(t -> now.isBefore(t.at.plus(NOT_AGAIN))).isPresent();
    return !recent && !now.isBefore(dueAt(item, held.get()));
  }

  private Optional<Tried> last(Item item) {
    return Optional.ofNullable(tried.get(item));
  }

  /** What a vendor does not know it will not know in a minute; its trouble may have passed. */
  private static boolean isSettled(Outcome outcome) {
    return outcome instanceof Outcome.Failed f && !f.passing();
  }

  /** Spread a little by name, so that what was fetched together is not renewed together. */
  private Instant dueAt(Item.Asked item, Held held) {
    Duration life = Duration.between(held.proven().opens(), held.proven().closes());
    Duration third = life.dividedBy(3);
    Duration lead = third.compareTo(config.early()) < 0 ? third : config.early();
    Instant renewal = held.proven().closes().minus(lead);
    Duration spread =
        config.recheck().dividedBy(1_000).multipliedBy(Math.floorMod(item.id().hashCode(), 100));
    Instant fetched = held.entry().fetched();
    if (fetched.isAfter(clock.instant())) {
      return Instant.MIN;
    }
    Instant recheck = fetched.plus(config.recheck()).minus(spread);
    return item.isRevised() && recheck.isBefore(renewal) ? recheck : renewal;
  }
}
