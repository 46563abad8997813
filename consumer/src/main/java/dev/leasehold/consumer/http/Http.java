package dev.leasehold.consumer.http;

import com.sun.net.httpserver.HttpExchange;
import dev.leasehold.core.bytes.Hash;
import java.io.IOException;
import java.io.OutputStream;

/** The few things all endpoints need of the JDK's HTTP server. */
final class Http {
  static final String JSON = "application/json";
  static final String RECEIPT_HEADER = "Leasehold-Receipt";

  /** What fits the largest sealed request after base64 (protocol §11.2). */
  private static final int MAX_BODY_BYTES = 3 * (1 << 24) / 4;

  private Http() {}

  static byte[] body(HttpExchange exchange) throws IOException, ApiError {
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      throw tooLarge("request: expected at most " + MAX_BODY_BYTES + " bytes");
    }
    return body;
  }

  static ApiError tooLarge(String message) {
    return ApiError.of(413, "request_too_large", message);
  }

  static void receipt(HttpExchange exchange, Hash receipt) {
    exchange.getResponseHeaders().set(RECEIPT_HEADER, receipt.hex());
  }

  static void send(HttpExchange exchange, int status, String contentType, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", contentType);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  static void send(HttpExchange exchange, ApiError error) throws IOException {
    send(exchange, error.status(), JSON, error.json());
  }
}
