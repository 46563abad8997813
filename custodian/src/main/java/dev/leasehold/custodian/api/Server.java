package dev.leasehold.custodian.api;

import dev.leasehold.custodian.beat.Finals;
import dev.leasehold.custodian.beat.Heartbeats;
import dev.leasehold.custodian.collateral.Library;
import dev.leasehold.custodian.grant.DekImport;
import dev.leasehold.custodian.grant.Evidences;
import dev.leasehold.custodian.grant.Hellos;
import dev.leasehold.custodian.grant.Staples;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.key.RelayTokens;
import dev.leasehold.custodian.ledger.Freeze;
import dev.leasehold.custodian.log.LogDesk;
import dev.leasehold.custodian.metrics.CollateralMetrics;
import dev.leasehold.custodian.metrics.Metrics;
import dev.leasehold.custodian.revoke.CommandHub;
import dev.leasehold.custodian.revoke.Orders;
import dev.leasehold.custodian.standing.Registrar;
import dev.leasehold.custodian.store.Store;
import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;

/** The HTTPS server: TLS 1.3, one virtual thread a request. */
public final class Server implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 8_192;
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SHUTDOWN = Duration.ofMillis(500);

  /** What the paths lead to. */
  public record Services(
      Registrar registrar,
      DekImport dekImport,
      Hellos hellos,
      Evidences evidences,
      Heartbeats heartbeats,
      Finals finals,
      Staples staples,
      Orders orders,
      CommandHub hub,
      LogDesk log,
      RelayTokens relayTokens,
      Freeze freeze,
      Library collateral) {}

  private final WebServer server;

  private Server(WebServer server) {
    this.server = server;
  }

  public static Server start(
      String host, int port, CustodianKeys keys, Store store, Services services)
      throws IOException {
    Tls tls = Tls.builder().sslContext(keys.tlsContext()).addEnabledProtocol("TLSv1.3").build();
    WebServer server = build(host, port, tls, routing(keys, store, services)).start();
    if (!server.isRunning()) {
      // The library logs why it cannot listen and returns as if it could.
      throw new BindException(
          host + ":" + port + ": expected a free address, found none; is another server there?");
    }
    return new Server(server);
  }

  private static WebServer build(String host, int port, Tls tls, HttpRouting.Builder routing) {
    return WebServer.builder()
        .host(host)
        .port(port)
        .tls(tls)
        .routing(routing)
        .connectionOptions(o -> o.tcpNoDelay(true).readTimeout(READ_TIMEOUT))
        .maxTcpConnections(MOST_CONNECTIONS)
        .shutdownGracePeriod(SHUTDOWN)
        .shutdownHook(false)
        .build();
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
  }

  private static HttpRouting.Builder routing(CustodianKeys keys, Store store, Services s) {
    Http http = new Http(new Problems(store, keys));
    HttpRouting.Builder routing = HttpRouting.builder();
    new StandingRoutes(s.registrar, s.dekImport, store).addTo(routing, http);
    new InstanceRoutes(
            new InstanceRoutes.Desks(s.hellos, s.evidences, s.heartbeats, s.finals, s.staples),
            store,
            s.relayTokens,
            s.freeze)
        .addTo(routing, http);
    new CommandRoutes(store, s.hub, s.relayTokens).addTo(routing, http);
    new LogRoutes(s.log).addTo(routing, http);
    Metrics metrics = new Metrics(s.freeze, new CollateralMetrics(s.collateral));
    new OperatorRoutes(s.orders, store, s.freeze, metrics).addTo(routing, http);
    return routing;
  }
}
