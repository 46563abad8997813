package dev.leasehold.borrower.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.leasehold.borrower.carry.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The few things all three listeners need of the JDK's HTTP server. */
final class Http {
  private static final System.Logger LOG = System.getLogger(Http.class.getName());

  private Http() {}

  static HttpServer start(InetSocketAddress address, HttpHandler handler) throws IOException {
    // Read once by the server's configuration class: frames must leave when they are written.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", exchange -> guarded(handler, exchange));
    server.start();
    return server;
  }

  /** Closes the port and ends what is still being answered. */
  static void stop(HttpServer server) {
    server.stop(0);
    ((ExecutorService) server.getExecutor()).shutdownNow();
  }

  /** The segments of the path. */
  static List<String> path(HttpExchange exchange) {
    return List.of(exchange.getRequestURI().getPath().substring(1).split("/", -1));
  }

  /** A parameter of the query. */
  static Optional<String> query(HttpExchange exchange, String name) {
    String query = exchange.getRequestURI().getRawQuery();
    if (query == null) {
      return Optional.empty();
    }
    return List.of(query.split("&")).stream()
        .filter(p -> p.startsWith(name + "="))
        .map(p -> p.substring(name.length() + 1))
        .findFirst();
  }

  /** The body, or nothing when it is longer than {@code max}. */
  static Optional<byte[]> body(HttpExchange exchange, int max) throws IOException {
    return atMost(exchange.getRequestBody(), max);
  }

  /** All that comes, or nothing when it is longer than {@code max}. */
  static Optional<byte[]> atMost(InputStream in, int max) throws IOException {
    byte[] all = in.readNBytes(max + 1);
    return all.length > max ? Optional.empty() : Optional.of(all);
  }

  static void send(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().toArray();
    exchange.getResponseHeaders().set("Content-Type", answer.contentType());
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private static void guarded(HttpHandler handler, HttpExchange exchange) {
    try (exchange) {
      handler.handle(exchange);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection ended early", e);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a request failed", e);
      failed(exchange);
    }
  }

  private static void failed(HttpExchange exchange) {
    try {
      send(exchange, Answer.unsigned(500, "The relay failed", "its log says why"));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the answer had begun already", e);
    }
  }
}
