package dev.leasehold.borrower.http;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.leasehold.borrower.carry.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What consumers reach of an enclave: two paths, forwarded as they come (protocol §7.1, outer
 * listener), and what the custodian's log says, which an enclave cannot know. A consumer that goes
 * away ends the request at the enclave too, because the enclave's next frame finds nobody.
 */
final class OuterApi implements HttpHandler, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final int BUFFER = 1 << 15;
  private static final List<String> PASSED = List.of("Content-Type", "Cache-Control");

  private final Supplier<Optional<URI>> enclave;
  private final LogView log;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(CONNECT)
          .build();

  OuterApi(Supplier<Optional<URI>> enclave, LogView log) {
    this.enclave = enclave;
    this.log = log;
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String route = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
    Optional<URI> at = enclave.get();
    if (route.equals("GET /log/proof")) {
      Http.send(exchange, log.proof(exchange.getRequestURI()));
    } else if (!route.equals("POST /v1/seal") && !route.equals("GET /.well-known/leasehold")) {
      Http.send(exchange, Answer.unsigned(404, "No such endpoint", route));
    } else if (at.isEmpty()) {
      Http.send(exchange, noEnclave("none has been started"));
    } else {
      forward(exchange, at.get());
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private void forward(HttpExchange exchange, URI at) throws IOException {
    HttpResponse<InputStream> response;
    try {
      response = http.send(request(exchange, at), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      Http.send(exchange, noEnclave(String.valueOf(e.getMessage())));
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try (InputStream in = response.body()) {
      copyHeaders(exchange, response);
      if (exchange.getRequestMethod().equals("GET") && response.statusCode() == 200) {
        String type = exchange.getResponseHeaders().getFirst("Content-Type");
        Http.send(exchange, log.completed(String.valueOf(type), in));
      } else {
        long length = response.headers().firstValueAsLong("Content-Length").orElse(0);
        exchange.sendResponseHeaders(response.statusCode(), length);
        pump(in, exchange.getResponseBody());
      }
    }
  }

  private static HttpRequest request(HttpExchange exchange, URI at) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at.resolve(exchange.getRequestURI().getPath()))
            .method(exchange.getRequestMethod(), body(exchange));
    for (String name : PASSED) {
      Optional.ofNullable(exchange.getRequestHeaders().getFirst(name))
          .ifPresent(value -> request.header(name, value));
    }
    return request.build();
  }

  private static BodyPublisher body(HttpExchange exchange) {
    if (exchange.getRequestMethod().equals("GET")) {
      return BodyPublishers.noBody();
    }
    BodyPublisher stream = BodyPublishers.ofInputStream(exchange::getRequestBody);
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    return length == null || length.equals("0")
        ? stream
        : BodyPublishers.fromPublisher(stream, Long.parseLong(length));
  }

  private static void copyHeaders(HttpExchange exchange, HttpResponse<?> response) {
    Headers headers = exchange.getResponseHeaders();
    for (String name : PASSED) {
      response.headers().firstValue(name).ifPresent(value -> headers.set(name, value));
    }
  }

  /** What has come leaves at once: frames keep the enclave's clock. */
  private static void pump(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      out.flush();
    }
    out.close();
  }

  private static Answer noEnclave(String detail) {
    return Answer.unsigned(503, "No enclave serves here now", detail);
  }
}
