package dev.leasehold.custodian.api;

import dev.leasehold.core.lease.Bundles;
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
import dev.leasehold.custodian.ledger.Incidents;
import dev.leasehold.custodian.log.LogDesk;
import dev.leasehold.custodian.metrics.CollateralMetrics;
import dev.leasehold.custodian.metrics.Metrics;
import dev.leasehold.custodian.revoke.CommandHub;
import dev.leasehold.custodian.revoke.Orders;
import dev.leasehold.custodian.standing.Registrar;
import dev.leasehold.custodian.store.Store;
import io.helidon.common.tls.Tls;
import io.helidon.http.DirectHandler;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http1.Http1Config;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;

/** The HTTPS server: TLS 1.3, one virtual thread a request. */
public final class Server implements AutoCloseable {
  /** More than relays and people open; one that does nothing costs some kilobytes. */
  private static final int MOST_CONNECTIONS = 16_384;

  /** How much later than it should a client that takes too long may be cut off. */
  private static final int DEADLINES_CHECKED = 12;

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
      Incidents incidents,
      Library collateral) {}

  private final WebServer server;
  private final Deadline deadline;

  private Server(WebServer server, Deadline deadline) {
    this.server = server;
    this.deadline = deadline;
  }

  public static Server start(
      String host,
      int port,
      Duration clientDeadline,
      CustodianKeys keys,
      Store store,
      Services services)
      throws IOException {
    Tls tls = Tls.builder().sslContext(keys.tlsContext()).addEnabledProtocol("TLSv1.3").build();
    HttpRouting.Builder routing = HttpRouting.builder();
    Deadline deadline = new Deadline(clientDeadline);
    addRoutes(routing, deadline, keys, store, services);
    WebServer server = build(host, port, clientDeadline, deadline, tls, routing).start();
    if (!server.isRunning()) {
      // The library logs why it cannot listen and returns as if it could.
      throw new BindException(
          host + ":" + port + ": expected a free address, found none; is another server there?");
    }
    return new Server(server, deadline);
  }

  /**
   * What the server calls idle counts from the moment a client connects or was answered, whatever
   * it sends meanwhile: a deadline for handshakes and first lines. Timeouts of reads it has none. A
   * body or a part of one that is declared larger than any path reads is refused before it is read.
   */
  private static WebServer build(
      String host,
      int port,
      Duration clientDeadline,
      Deadline deadline,
      Tls tls,
      HttpRouting.Builder routing) {
    return WebServer.builder()
        .host(host)
        .port(port)
        .tls(tls)
        .routing(routing)
        .connectionOptions(o -> o.tcpNoDelay(true))
        .idleConnectionTimeout(clientDeadline)
        .idleConnectionPeriod(clientDeadline.dividedBy(DEADLINES_CHECKED))
        .maxTcpConnections(MOST_CONNECTIONS)
        .maxPayloadSize(Bundles.MAX_EVIDENCE_BYTES + 1L)
        .protocolsDiscoverServices(false)
        .addProtocol(Http1Config.builder().addReceiveListener(deadline).build())
        .directHandlers(
            DirectHandlers.builder()
                .addHandler(DirectHandler.EventType.INTERNAL_ERROR, Server::unreadable)
                .build())
        .shutdownGracePeriod(SHUTDOWN)
        .shutdownHook(false)
        .build();
  }

  /** Our own faults never reach the library: what it fails over it could not read. */
  private static DirectHandler.TransportResponse unreadable(
      DirectHandler.TransportRequest request,
      DirectHandler.EventType type,
      Status defaultStatus,
      ServerResponseHeaders headers,
      String message) {
    return DirectHandler.TransportResponse.builder()
        .status(Status.BAD_REQUEST_400)
        .keepAlive(false)
        .build();
  }

  public int port() {
    return server.port();
  }

  @Override
  public void close() {
    server.stop();
    deadline.close();
  }

  static void addRoutes(
      HttpRouting.Builder routing, Deadline deadline, CustodianKeys keys, Store store, Services s)
      throws IOException {
    Http http = new Http(new Problems(store, keys), deadline);
    new StandingRoutes(s.registrar, s.dekImport, store).addTo(routing, http);
    new InstanceRoutes(
            new InstanceRoutes.Desks(s.hellos, s.evidences, s.heartbeats, s.finals, s.staples),
            store,
            s.relayTokens,
            s.freeze)
        .addTo(routing, http);
    new CommandRoutes(store, s.hub, s.relayTokens).addTo(routing, http);
    new LogRoutes(s.log).addTo(routing, http);
    Metrics metrics =
        new Metrics(
            s.freeze, s.incidents, new CollateralMetrics(s.collateral), keys.tlsCertificateEnd());
    new OperatorRoutes(s.orders, store, s.freeze, metrics).addTo(routing, http);
  }
}
