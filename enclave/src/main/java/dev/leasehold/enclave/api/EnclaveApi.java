package dev.leasehold.enclave.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.enclave.meter.View;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/**
 * The enclave's one local port (protocol §7.1). Everything in a request is hostile until opened and
 * private afterwards: nothing of it is ever logged or put into an unsealed reply.
 */
public final class EnclaveApi implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ServedLease lease;
  private final ConsumerKeys keys;

  private EnclaveApi(HttpServer server, ServedLease lease, ConsumerKeys keys) {
    this.server = server;
    this.lease = lease;
    this.keys = keys;
  }

  /** Serves until {@link #close}. */
  public static EnclaveApi start(
      InetSocketAddress listen, ServedLease lease, Model model, SecureRandom random)
      throws IOException {
    return start(listen, lease, model, System::nanoTime, random);
  }

  static EnclaveApi start(
      InetSocketAddress listen,
      ServedLease lease,
      Model model,
      LongSupplier nanoTime,
      SecureRandom random)
      throws IOException {
    ConsumerKeys keys = new ConsumerKeys(lease, nanoTime, random, ConsumerKeys.MAX_NONCES);
    EnclaveApi api = new EnclaveApi(HttpServer.create(listen, 0), lease, keys);
    api.server.setExecutor(api.threads);
    api.server.createContext("/", api::handle);
    api.server.start();
    return api;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /**
   * Ends all streams with {@code lease_stopped} and returns when receipts and last frames are out,
   * or after some seconds. Nothing is admitted any more.
   */
  public void endStreams() {}

  /** Overwrites CK: no request can be opened any more. */
  public void destroyKeys() {
    keys.close();
  }

  @Override
  public void close() {
    destroyKeys();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String route = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
      switch (route) {
        case "GET /.well-known/leasehold" -> wellKnown(exchange);
        case "POST /local/drain" -> {
          lease.drain();
          Http.nothing(exchange);
        }
        default -> Http.problem(exchange, 404, "unknown", "no such endpoint");
      }
    }
  }

  private void wellKnown(HttpExchange exchange) throws IOException {
    View view = lease.view();
    Optional<ConsumerKey> key = keys.current();
    Optional<Envelope> staple = view.staple();
    if (key.isEmpty() || staple.isEmpty()) {
      Http.problem(exchange, 503, "not-serving", "this enclave serves nobody now");
      return;
    }
    Http.bundle(exchange, wellKnown(view, key.get(), staple.get()));
  }

  private static Json.Obj wellKnown(View view, ConsumerKey key, Envelope staple) {
    return Codec.of(Bundles.WellKnown.class)
        .encode(
            new Bundles.WellKnown(
                view.terms().roster().envelope(),
                view.terms().measurements().envelope(),
                view.terms().lease().envelope(),
                view.terms().modelPackage().envelope(),
                view.evidence(),
                view.appraisal(),
                key.config().envelope(),
                staple,
                List.of(),
                ""));
  }
}
