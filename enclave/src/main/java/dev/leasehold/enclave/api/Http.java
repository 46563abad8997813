package dev.leasehold.enclave.api;

import com.sun.net.httpserver.HttpExchange;
import dev.leasehold.core.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The few things the endpoints need of the JDK's HTTP server. */
final class Http {
  private static final String BUNDLE = "application/vnd.leasehold.bundle+json";
  private static final String PROBLEM = "application/problem+json";

  private Http() {}

  /** The body, or nothing when it is longer than {@code max}; no more than that is read. */
  static Optional<byte[]> body(HttpExchange exchange, long max) throws IOException {
    String announced = exchange.getRequestHeaders().getFirst("Content-Length");
    if (announced != null && Long.parseLong(announced) > max) {
      return Optional.empty();
    }
    byte[] body = exchange.getRequestBody().readNBytes(Math.toIntExact(max + 1));
    return body.length > max ? Optional.empty() : Optional.of(body);
  }

  static void bundle(HttpExchange exchange, Json.Obj bundle) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    send(exchange, 200, BUNDLE, bundle);
  }

  /** An unsigned refusal (RFC 9457): it says which, never about what was inside a request. */
  static void problem(HttpExchange exchange, int status, String name, String detail)
      throws IOException {
    Json.Obj body =
        Json.Obj.EMPTY
            .with("type", "urn:leasehold:problem:" + name)
            .with("status", status)
            .with("title", name)
            .with("detail", detail);
    send(exchange, status, PROBLEM, body);
  }

  static void nothing(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(204, -1);
  }

  private static void send(HttpExchange exchange, int status, String type, Json.Obj json)
      throws IOException {
    byte[] body = json.write().getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }
}
