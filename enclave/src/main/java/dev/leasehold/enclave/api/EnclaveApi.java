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
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The enclave's one local port (protocol §7.1). Everything in a request is hostile until opened and
 * private afterwards: nothing of it is ever logged or put into an unsealed reply.
 */
public final class EnclaveApi implements AutoCloseable {
  /** Frames that are not read by then are not waited for. */
  private static final long LAST_FRAMES_SECONDS = 10;

  private final HttpServer server;
  private final ServedLease lease;
  private final ConsumerKeys keys;
  private final Streams streams;
  private final SealEndpoint seal;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private EnclaveApi(
      HttpServer server, ServedLease lease, ConsumerKeys keys, Streams streams, SealEndpoint seal) {
    this.server = server;
    this.lease = lease;
    this.keys = keys;
    this.streams = streams;
    this.seal = seal;
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
    Streams streams = new Streams();
    Apis apis = new Apis(model, random);
    FrameClock clock = new FrameClock(System::nanoTime);
    SealEndpoint seal = new SealEndpoint(lease, keys, apis, streams, clock, random);
    EnclaveApi api = new EnclaveApi(HttpServer.create(listen, 0), lease, keys, streams, seal);
    api.server.setExecutor(api.threads);
    api.server.createContext("/", api::handle);
    api.server.start();
    api.threads.execute(api::keepKeysFresh);
    return api;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /**
   * Ends all streams with {@code lease_stopped}, admits nothing more, and returns when receipts and
   * last frames are out, or after ten seconds.
   *
   * @return whether every consumer got its last frame
   */
  public boolean endStreams() {
    try {
      return streams.end(LAST_FRAMES_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

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

  /** An old key is overwritten in time even if nobody asks for the new one. */
  private void keepKeysFresh() {
    try {
      while (keys.current().isPresent()) {
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      guarded(exchange);
    }
  }

  private void guarded(HttpExchange exchange) throws IOException {
    try {
      route(exchange);
    } catch (RuntimeException e) {
      Faults.log(e);
      if (exchange.getResponseCode() < 0) {
        Http.problem(exchange, 500, "fault", "the enclave failed");
      }
    }
  }

  private void route(HttpExchange exchange) throws IOException {
    switch (exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath()) {
      case "POST /v1/seal" -> seal.handle(exchange);
      case "GET /.well-known/leasehold" -> wellKnown(exchange);
      case "POST /local/drain" -> {
        lease.drain();
        Http.nothing(exchange);
      }
      default -> Http.problem(exchange, 404, "unknown", "no such endpoint");
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
