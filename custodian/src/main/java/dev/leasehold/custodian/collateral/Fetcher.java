package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a vendor for one item, patiently but not for long, and lets into the cache only what is
 * proven and not older than what is there.
 */
final class Fetcher {
  private static final Logger LOG = LoggerFactory.getLogger(Fetcher.class);
  private static final int ATTEMPTS = 4;

  private final Sources sources;
  private final Transport transport;
  private final Prover prover;
  private final Cache cache;
  private final Backoff backoff;
  private final Counters counters;
  private final InstantSource clock;
  private final Pause pause;

  Fetcher(
      Sources sources,
      Transport transport,
      Prover prover,
      Cache cache,
      Backoff backoff,
      Counters counters,
      InstantSource clock,
      Pause pause) {
    this.sources = sources;
    this.transport = transport;
    this.prover = prover;
    this.cache = cache;
    this.backoff = backoff;
    this.counters = counters;
    this.clock = clock;
    this.pause = pause;
  }

  /** Either an end, or another try once the service may be asked. */
  private sealed interface Attempt {
    record End(Outcome outcome) implements Attempt {}

    record Again() implements Attempt {}
  }

  /** Asks until it is had, until it is hopeless, or until {@code deadline}. */
  Outcome fetch(Item.Asked item, Optional<Proven> issuer, Instant deadline)
      throws InterruptedException {
    for (int i = 0; i < ATTEMPTS; i++) {
      Instant next = backoff.next(item.source());
      if (next.isAfter(deadline)) {
        break;
      }
      pause.until(next);
      switch (attempt(item, issuer)) {
        case Attempt.End(Outcome outcome) -> {
          return outcome;
        }
        case Attempt.Again _ -> {}
      }
    }
    Source source = item.source();
    return new Outcome.Failed(
        source.word() + " is left alone for now: " + backoff.reason(source), true);
  }

  private Attempt attempt(Item.Asked item, Optional<Proven> issuer) throws InterruptedException {
    Optional<Held> held = cache.find(item);
    Question question;
    Transport.Reply reply;
    try {
      question = sources.question(item, issuer);
      reply = transport.ask(question, held.map(Held::entry));
    } catch (Unproven e) {
      return failed(item, e.reason(), true);
    } catch (IOException e) {
      return troubled(item, Counters.Result.FAILED, describe(e), Optional.empty());
    }
    return switch (reply.status()) {
      case 200 -> answered(item, issuer, question, reply);
      case 304 ->
          held.map(h -> confirmed(item, h))
              .orElseGet(
                  () -> troubled(item, Counters.Result.FAILED, "304 to nothing", Optional.empty()));
      case 400, 404, 410 -> {
        counters.count(item.source(), Counters.Result.UNKNOWN);
        backoff.succeeded(item.source());
        yield failed(item, "the vendor knows no such thing (" + reply.status() + ")", false);
      }
      case 429 -> troubled(item, Counters.Result.THROTTLED, "status 429", retryAfter(reply));
      default ->
          troubled(item, Counters.Result.FAILED, "status " + reply.status(), retryAfter(reply));
    };
  }

  private Attempt answered(
      Item.Asked item, Optional<Proven> issuer, Question question, Transport.Reply reply) {
    Instant now = clock.instant();
    try {
      requireNoPage(reply);
      question.requireAnsweredBy(reply.body());
      Entry.Answer answer = new Entry.Answer(reply.body(), chain(question, reply));
      Proven proven = prover.prove(item, answer, issuer, now);
      String etag = reply.header("ETag").orElse("");
      String modified = reply.header("Last-Modified").orElse("");
      Entry entry = Entry.of(item, answer, etag, modified, now).expiring(proven.closes());
      backoff.succeeded(item.source());
      return keep(item, new Held(entry, proven));
    } catch (Malformed e) {
      return refused(item, Unproven.of(e));
    } catch (Unproven e) {
      return refused(item, e);
    }
  }

  private Attempt refused(Item.Asked item, Unproven e) {
    return troubled(item, Counters.Result.REFUSED, e.reason(), Optional.empty());
  }

  private Attempt keep(Item.Asked item, Held held) {
    try {
      if (cache.offer(item, held)) {
        counters.count(item.source(), Counters.Result.NEW);
        return new Attempt.End(new Outcome.Got(held));
      }
    } catch (IOException e) {
      LOG.error("{} was fetched and cannot be kept: {}", item.id(), e.getMessage());
      return new Attempt.End(new Outcome.Got(held));
    }
    counters.count(item.source(), Counters.Result.OLDER);
    return failed(item, "the answer is older than what is held: " + held.proven().edition(), true);
  }

  private Attempt confirmed(Item.Asked item, Held held) {
    counters.count(item.source(), Counters.Result.UNCHANGED);
    backoff.succeeded(item.source());
    Held again = new Held(held.entry().confirmed(clock.instant()), held.proven());
    try {
      cache.offer(item, again);
    } catch (IOException e) {
      LOG.error("{} was confirmed and cannot be kept: {}", item.id(), e.getMessage());
    }
    return new Attempt.End(new Outcome.Got(again));
  }

  private Attempt troubled(
      Item.Asked item, Counters.Result result, String reason, Optional<Duration> named) {
    counters.count(item.source(), result);
    backoff.failed(item.source(), reason, named);
    LOG.warn("{} was not had from {}: {}", item.id(), item.source().word(), reason);
    return new Attempt.Again();
  }

  private static Attempt failed(Item.Asked item, String reason, boolean passing) {
    LOG.warn("{} was not had from {}: {}", item.id(), item.source().word(), reason);
    return new Attempt.End(new Outcome.Failed(reason, passing));
  }

  private Optional<Duration> retryAfter(Transport.Reply reply) {
    return reply.header("Retry-After").flatMap(v -> RetryAfter.parse(v, clock.instant()));
  }

  /** No vendor serves a page; a proxy that wants a log-in does. */
  private static void requireNoPage(Transport.Reply reply) throws Unproven {
    String type = reply.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (type.startsWith("text/html")) {
      throw new Unproven("the vendor's answer", "a web page: does a proxy stand between?");
    }
  }

  /** Percent-encoded PEM; a plus sign in it is base64's own. */
  private static String chain(Question question, Transport.Reply reply) throws Unproven {
    if (question.chainHeader().isEmpty()) {
      return "";
    }
    String name = question.chainHeader().get();
    String value =
        reply.header(name).orElseThrow(() -> new Unproven("a response header " + name, "none"));
    try {
      return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw new Unproven("a percent-encoded header " + name, value);
    }
  }

  private static String describe(IOException e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
