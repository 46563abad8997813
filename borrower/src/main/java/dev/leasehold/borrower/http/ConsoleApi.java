package dev.leasehold.borrower.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.leasehold.borrower.books.Statement;
import dev.leasehold.borrower.carry.Answer;
import dev.leasehold.core.json.Codec;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The borrower's own view of its lease, on loopback: a page, or JSON for programs. */
final class ConsoleApi implements HttpHandler {
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

  private final Supplier<Statement> account;

  ConsoleApi(Supplier<Statement> account) {
    this.account = account;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    Http.send(exchange, answer(exchange));
  }

  private Answer answer(HttpExchange exchange) {
    if (!isLoopbackName(exchange)) {
      return Answer.unsigned(403, "Not from here", "open this page as localhost");
    }
    if (!exchange.getRequestMethod().equals("GET")
        || !exchange.getRequestURI().getPath().equals("/")) {
      return Answer.unsigned(404, "No such page", "there is only GET /");
    }
    Statement statement = account.get();
    String accept = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Accept")).orElse("");
    if (accept.contains("text/html")) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Security-Policy",
              "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
      return text("text/html; charset=utf-8", ConsolePage.render(statement));
    }
    return text("application/json", Codec.of(Statement.class).encode(statement).write());
  }

  /** A page elsewhere on the web may point its own name at this machine, but not change it. */
  private static boolean isLoopbackName(HttpExchange exchange) {
    String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host")).orElse("");
    return LOOPBACK.contains(host.replaceFirst(":[0-9]+$", ""));
  }

  private static Answer text(String type, String body) {
    return new Answer(200, type, Answer.utf8(body));
  }
}
