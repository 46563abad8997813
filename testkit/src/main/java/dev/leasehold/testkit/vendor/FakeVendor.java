package dev.leasehold.testkit.vendor;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leasehold.core.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * An HTTP service on loopback that answers as a test says: each path has an answer, and before it
 * any number of mishaps, each of which happens once. It knows what it was asked.
 */
public final class FakeVendor implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, Function<Request, Answer>> answers = new HashMap<>();
  private final Map<String, Deque<Mishap>> mishaps = new HashMap<>();
  private final List<Request> requests = new ArrayList<>();

  /**
   * A request as it came.
   *
   * @param target path and query
   * @param validator the value of If-None-Match, else of If-Modified-Since
   */
  public record Request(String target, Optional<String> validator, Bytes body) {}

  /** What happens instead of the answer. */
  public sealed interface Mishap {
    /** Another answer. */
    record Instead(Answer answer) implements Mishap {}

    /** Nothing is ever answered. */
    record Silence() implements Mishap {}

    /** The body stops after so many bytes and the connection stays. */
    record HangAfter(int bytes) implements Mishap {}

    /** The body stops after so many bytes and the connection closes. */
    record CloseAfter(int bytes) implements Mishap {}

    /** A body without end, its length untold. */
    record Flood() implements Mishap {}

    /** The answer waits until the test opens the gate. */
    record Gate(CountDownLatch opened) implements Mishap {}
  }

  private FakeVendor(HttpServer server) {
    this.server = server;
  }

  public static FakeVendor start() throws IOException {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    FakeVendor vendor = new FakeVendor(HttpServer.create(any, 0));
    vendor.server.setExecutor(vendor.threads);
    vendor.server.createContext("/", vendor::handle);
    vendor.server.start();
    return vendor;
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What the target is answered with from now on; a matching validator gets a 304. */
  public FakeVendor serve(String target, Answer answer) {
    return serve(target, _ -> answer);
  }

  /** What the target is answered with from now on, made for each question. */
  public synchronized FakeVendor serve(String target, Function<Request, Answer> answers) {
    this.answers.put(target, answers);
    return this;
  }

  public synchronized FakeVendor remove(String target) {
    answers.remove(target);
    return this;
  }

  /** Queues what happens to the next requests for the target, in this order. */
  public synchronized FakeVendor mishaps(String target, Mishap... next) {
    mishaps.computeIfAbsent(target, t -> new ArrayDeque<>()).addAll(List.of(next));
    return this;
  }

  /** Queues other answers to the next requests for the target. */
  public FakeVendor instead(String target, Answer... next) {
    for (Answer a : next) {
      mishaps(target, new Mishap.Instead(a));
    }
    return this;
  }

  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  public synchronized List<Request> requests(String target) {
    return requests.stream().filter(r -> r.target().equals(target)).toList();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String target = exchange.getRequestURI().toString();
      Optional<String> validator =
          header(exchange, "If-None-Match").or(() -> header(exchange, "If-Modified-Since"));
      Bytes body = Bytes.of(exchange.getRequestBody().readAllBytes());
      Request request = new Request(target, validator, body);
      Optional<Mishap> mishap = take(request);
      Answer answer = answers(target).apply(request);
      switch (mishap.orElse(new Mishap.Instead(answer))) {
        case Mishap.Instead(Answer other) -> send(exchange, other, validator);
        case Mishap.Silence _ -> closing.await();
        case Mishap.HangAfter(int bytes) -> {
          sendPart(exchange, answer, bytes);
          closing.await();
        }
        case Mishap.CloseAfter(int bytes) -> sendPart(exchange, answer, bytes);
        case Mishap.Flood _ -> flood(exchange);
        case Mishap.Gate(CountDownLatch opened) -> {
          opened.await();
          send(exchange, answer, validator);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Optional<Mishap> take(Request request) {
    requests.add(request);
    return Optional.ofNullable(mishaps.get(request.target())).map(Deque::poll);
  }

  private synchronized Function<Request, Answer> answers(String target) {
    return answers.getOrDefault(target, _ -> Answer.status(404));
  }

  private static void send(HttpExchange exchange, Answer answer, Optional<String> validator)
      throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    boolean known =
        validator.isPresent()
            && (validator.equals(Optional.ofNullable(answer.headers().get("ETag")))
                || validator.equals(Optional.ofNullable(answer.headers().get("Last-Modified"))));
    byte[] body = answer.body();
    exchange.sendResponseHeaders(
        known ? 304 : answer.status(), known || body.length == 0 ? -1 : body.length);
    if (!known && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  private static void sendPart(HttpExchange exchange, Answer answer, int bytes) throws IOException {
    byte[] body = answer.body();
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(answer.status(), body.length);
    OutputStream out = exchange.getResponseBody();
    out.write(body, 0, bytes);
    out.flush();
  }

  /** Until the other side has had enough. */
  private void flood(HttpExchange exchange) {
    try {
      exchange.sendResponseHeaders(200, 0);
      byte[] block = new byte[1 << 16];
      while (closing.getCount() > 0) {
        exchange.getResponseBody().write(block);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }
}
