package dev.leasehold.borrower.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.leasehold.borrower.carry.Answer;
import dev.leasehold.borrower.carry.Carrier;
import dev.leasehold.borrower.carry.Commands;
import dev.leasehold.borrower.carry.Enrolment;
import dev.leasehold.borrower.carry.Sessions;
import dev.leasehold.borrower.carry.Staples;
import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.lease.Bundles;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What an enclave may ask of its relay (protocol §7.1, inner listener). */
final class InnerApi implements HttpHandler {
  private static final long MAX_WAIT_MS = 25_000;

  private final Carrier carrier;
  private final Enrolment enrolment;
  private final Commands commands;
  private final Staples staples;
  private final Sessions sessions;
  private final PackageFolder folder;

  InnerApi(
      Carrier carrier,
      Enrolment enrolment,
      Commands commands,
      Staples staples,
      Sessions sessions,
      PackageFolder folder) {
    this.carrier = carrier;
    this.enrolment = enrolment;
    this.commands = commands;
    this.staples = staples;
    this.sessions = sessions;
    this.folder = folder;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    List<String> path = Http.path(exchange);
    String route = exchange.getRequestMethod() + " " + route(path);
    if (isFromBrowser(exchange)) {
      Http.send(exchange, Answer.unsigned(403, "Not for browsers", "enclaves ask here"));
      return;
    }
    try {
      switch (route) {
        case "GET /v1/start" -> start(exchange);
        case "GET /v1/package/chunks/*" -> folder.send(exchange, path.getLast());
        case "POST /v1/instances/*/evidence" -> carry(exchange, Entry.What.EVIDENCE, path.get(2));
        case "POST /v1/instances/*/heartbeat" -> carry(exchange, Entry.What.HEARTBEAT, path.get(2));
        case "POST /v1/instances/*/final" -> carry(exchange, Entry.What.FINAL, path.get(2));
        case "POST /v1/instances/*/challenge" -> challengeAgain(exchange, path.get(2));
        case "GET /v1/instances/*/commands" -> commands(exchange, path.get(2));
        case "GET /v1/instances/*/staple" -> staple(exchange, path.get(2));
        default -> Http.send(exchange, Answer.unsigned(404, "No such endpoint", route));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A web page opened on this machine must not be able to use up the lease's boots. */
  private static boolean isFromBrowser(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    return headers.containsKey("Origin") || headers.containsKey("Sec-Fetch-Site");
  }

  private static String route(List<String> path) {
    boolean named = path.size() == 4 && path.get(0).equals("v1");
    if (named && path.get(1).equals("instances")) {
      return "/v1/instances/*/" + path.get(3);
    }
    if (named && path.get(1).equals("package") && path.get(2).equals("chunks")) {
      return "/v1/package/chunks/*";
    }
    return "/" + String.join("/", path);
  }

  private void start(HttpExchange exchange) throws IOException, InterruptedException {
    Optional<String> key =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    Http.send(exchange, enrolment.start(key.flatMap(InnerApi::id)));
  }

  private void challengeAgain(HttpExchange exchange, String instance)
      throws IOException, InterruptedException {
    Optional<Id> id = known(exchange, instance);
    if (id.isPresent()) {
      Http.send(exchange, enrolment.challengeAgain(id.get()));
    }
  }

  private void carry(HttpExchange exchange, Entry.What what, String instance)
      throws IOException, InterruptedException {
    Optional<Id> id = known(exchange, instance);
    if (id.isEmpty()) {
      return;
    }
    int max = what == Entry.What.EVIDENCE ? Bundles.MAX_EVIDENCE_BYTES : Bundles.MAX_BYTES;
    Optional<byte[]> body = Http.body(exchange, max);
    Answer answer =
        body.isEmpty()
            ? Answer.unsigned(413, "Too large", "at most " + max + " bytes")
            : carrier.carry(what, id.get(), body.get());
    Http.send(exchange, answer);
    if (what == Entry.What.EVIDENCE && answer.isSuccess()) {
      enrolment.keepTerms();
    }
  }

  private void commands(HttpExchange exchange, String instance)
      throws IOException, InterruptedException {
    Optional<Id> id = known(exchange, instance);
    if (id.isEmpty()) {
      return;
    }
    long after = number(exchange, "after", Long.MAX_VALUE);
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    if (accept != null && accept.contains("text/event-stream")) {
      CommandEvents.stream(exchange, commands, id.get(), after);
      return;
    }
    Duration wait = Duration.ofMillis(number(exchange, "waitMs", MAX_WAIT_MS));
    List<Bundles.CommandItem> items = commands.await(id.get(), after, wait);
    Http.send(exchange, items.isEmpty() ? noContent() : answer(items));
  }

  private void staple(HttpExchange exchange, String instance)
      throws IOException, InterruptedException {
    Optional<Id> id = known(exchange, instance);
    if (id.isPresent()) {
      Http.send(exchange, staples.get(id.get()));
    }
  }

  /** The instance when it was started here; otherwise the request is answered. */
  private Optional<Id> known(HttpExchange exchange, String instance) throws IOException {
    Optional<Id> id = id(instance).filter(sessions::knows);
    if (id.isEmpty()) {
      Http.send(
          exchange,
          Answer.unsigned(404, "Unknown instance", instance + " was not started through here"));
    }
    return id;
  }

  private static Answer noContent() {
    return new Answer(204, Answer.BUNDLE, Bytes.EMPTY);
  }

  private static Answer answer(List<Bundles.CommandItem> items) {
    return new Answer(
        200,
        Answer.BUNDLE,
        Bytes.of(Bundle.write(Bundles.CommandsReply.class, new Bundles.CommandsReply(items))));
  }

  private static long number(HttpExchange exchange, String name, long max) {
    return Http.query(exchange, name)
        .filter(s -> s.matches("[0-9]{1,16}"))
        .map(Long::parseLong)
        .map(n -> Math.min(n, max))
        .orElse(0L);
  }

  private static Optional<Id> id(String text) {
    try {
      return Optional.of(new Id(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
