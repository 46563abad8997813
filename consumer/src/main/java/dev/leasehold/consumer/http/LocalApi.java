package dev.leasehold.consumer.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leasehold.consumer.ask.Asker;
import dev.leasehold.consumer.ask.ClientGone;
import dev.leasehold.consumer.ask.TooLarge;
import dev.leasehold.consumer.trust.CheckFailed;
import dev.leasehold.consumer.trust.TrustKeeper;
import dev.leasehold.core.stream.InferRequest.Api;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The proxy's one listener, on loopback (protocol §11.4). */
public final class LocalApi implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(LocalApi.class.getName());

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final OpenAiApi openAi;
  private final OipApi oip;

  private LocalApi(HttpServer server, Asker asker, TrustKeeper keeper) {
    this.server = server;
    this.openAi = new OpenAiApi(asker, keeper);
    this.oip = new OipApi(asker, keeper);
  }

  public static LocalApi start(InetSocketAddress listen, Asker asker, TrustKeeper keeper)
      throws IOException {
    // Read once by the server's configuration class: events must leave when they are written.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    LocalApi api = new LocalApi(HttpServer.create(listen, 0), asker, keeper);
    api.server.setExecutor(api.threads);
    api.server.createContext("/", api::handle);
    api.server.start();
    return api;
  }

  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      answer(exchange);
    } catch (ClientGone e) {
      LOG.log(System.Logger.Level.DEBUG, "a client left; its request was ended", e);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "a connection ended early", e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try {
      Origin.requireLocal(exchange);
      route(exchange);
    } catch (ApiError e) {
      Http.send(exchange, e);
    } catch (CheckFailed e) {
      LOG.log(System.Logger.Level.WARNING, e.getMessage());
      Http.send(exchange, ApiError.of(e));
    } catch (TooLarge e) {
      Http.send(exchange, Http.tooLarge(String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a request failed", e);
      Http.send(exchange, ApiError.of(500, "proxy_error", "the proxy failed: its log says why"));
    }
  }

  private void route(HttpExchange exchange) throws IOException, ApiError, CheckFailed, TooLarge {
    String path = String.valueOf(exchange.getRequestURI().getPath());
    List<String> parts = List.of(path.replaceFirst("^/", "").split("/", -1));
    String route = exchange.getRequestMethod() + " " + path;
    switch (route) {
      case "POST /v1/chat/completions" -> openAi.complete(exchange, Api.OPENAI_CHAT);
      case "POST /v1/completions" -> openAi.complete(exchange, Api.OPENAI_COMPLETIONS);
      case "POST /v1/embeddings" ->
          throw ApiError.of(404, "unsupported", "this release serves no embeddings");
      case "GET /v1/models" -> openAi.models(exchange);
      default -> {
        if (route.startsWith("GET /v1/models/") && parts.size() == 3) {
          openAi.model(exchange, parts.getLast());
        } else if (!path.startsWith("/v2/") || !oip.handle(exchange, parts)) {
          throw ApiError.of(404, "not_found", "no endpoint " + route);
        }
      }
    }
  }
}
