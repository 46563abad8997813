package dev.leasehold.consumer.http;

import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps web pages away from a listener that asks for no password: a browser names the page's origin
 * and the host it believes to talk to, and neither may be another than this machine.
 */
final class Origin {
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  private Origin() {}

  static void requireLocal(HttpExchange exchange) throws ApiError {
    require(exchange, "Host", "http://");
    require(exchange, "Origin", "");
  }

  private static void require(HttpExchange exchange, String header, String prefix) throws ApiError {
    Optional<String> value = Optional.ofNullable(exchange.getRequestHeaders().getFirst(header));
    if (value.isPresent() && !isLocal(prefix + value.get())) {
      throw ApiError.of(
          403, "not_local", header + ": expected a loopback name, found " + value.get());
    }
  }

  private static boolean isLocal(String url) {
    try {
      String host = URI.create(url).getHost();
      return host != null
          && (LOCAL.contains(host.toLowerCase(Locale.ROOT))
              || host.matches("127(\\.[0-9]{1,3}){3}"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
