package dev.leasehold.borrower;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Exchange;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.tls.ServerIdentity;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A custodian that answers correctly unless a test scripts one of its endpoints otherwise. */
final class FakeCustodian implements AutoCloseable {
  static final Hash TOKEN = Parties.hash(0x70);

  /** One request as it came. */
  record Request(String route, String query, Map<String, List<String>> headers, String body) {}

  /** One reply. */
  record Reply(int status, String type, String body) {
    static Reply bundle(int status, byte[] body) {
      return new Reply(
          status,
          "application/vnd.leasehold.bundle+json",
          new String(body, StandardCharsets.UTF_8));
    }

    static Reply text(int status, String body) {
      return new Reply(status, "text/html", body);
    }
  }

  final Exchange exchange;
  final List<Request> requests = new CopyOnWriteArrayList<>();
  final BlockingQueue<Signed<Command>> commands = new LinkedBlockingQueue<>();
  volatile Signed<Grant> lastGrant;
  private final Map<String, Function<Request, Reply>> scripts = new ConcurrentHashMap<>();
  private final HttpsServer server;

  FakeCustodian(Exchange exchange, ServerIdentity identity) throws IOException {
    this.exchange = exchange;
    this.lastGrant = exchange.sign(exchange.grantZero());
    this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  URI uri() {
    return URI.create("https://localhost:" + server.getAddress().getPort());
  }

  /** Replaces one endpoint, named like {@code heartbeat} or {@code instances}. */
  void script(String endpoint, Function<Request, Reply> script) {
    scripts.put(endpoint, script);
  }

  void unscript(String endpoint) {
    scripts.remove(endpoint);
  }

  List<Request> requests(String endpoint) {
    return requests.stream().filter(r -> r.route().endsWith("/" + endpoint)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void handle(HttpExchange x) throws IOException {
    String path = x.getRequestURI().getPath();
    Request request =
        new Request(
            x.getRequestMethod() + " " + path,
            String.valueOf(x.getRequestURI().getQuery()),
            Map.copyOf(x.getRequestHeaders()),
            new String(x.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    requests.add(request);
    String endpoint = path.substring(path.lastIndexOf('/') + 1);
    Reply reply = scripts.getOrDefault(endpoint, this::answer).apply(request);
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    x.getResponseHeaders().set("Content-Type", reply.type());
    x.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
    try (OutputStream out = x.getResponseBody()) {
      out.write(body);
    }
    x.close();
  }

  Reply answer(Request r) {
    String endpoint = r.route().substring(r.route().lastIndexOf('/') + 1);
    try {
      return switch (endpoint) {
        case "instances" ->
            Reply.bundle(
                201,
                Bundle.write(
                    Bundles.Enrolled.class,
                    new Bundles.Enrolled(exchange.challenge().envelope(), TOKEN)));
        case "bundle" ->
            Reply.bundle(200, Bundle.write(Bundles.LeaseBundle.class, exchange.parties.bundle()));
        case "evidence" -> enrolled(exchange.sign(exchange.grantZero()));
        case "heartbeat" -> granted(next(r));
        case "final" -> closed(r);
        case "commands" -> commands();
        default -> Reply.text(404, "");
      };
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  Reply enrolled(Signed<Grant> grantZero) {
    Envelope appraisal = exchange.appraisal().envelope();
    return Reply.bundle(
        200,
        Bundle.write(
            Bundles.EnrolmentReply.class,
            new Bundles.EnrolmentReply(
                appraisal,
                Optional.of(grantZero.envelope()),
                Optional.empty(),
                Optional.empty(),
                Json.Obj.EMPTY)));
  }

  /** The correct grant to this heartbeat, to be bent. */
  Grant next(Request r) {
    Signed<Heartbeat> hb = heartbeat(r);
    return exchange.grant(hb.body().seq(), hb.hash(), lastGrant.hash(), hb.body().used());
  }

  Reply granted(Grant grant) {
    return granted(exchange.sign(grant));
  }

  Reply granted(Signed<Grant> grant) {
    lastGrant = grant;
    return Reply.bundle(
        200,
        Bundle.write(
            Bundles.HeartbeatReply.class,
            new Bundles.HeartbeatReply(
                grant.envelope(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of(),
                Json.Obj.EMPTY)));
  }

  private Reply closed(Request r) throws Exception {
    Bundles.FinalPost post =
        Bundle.parse(Bundles.FinalPost.class, utf8(r.body()), Bundles.MAX_BYTES);
    Final last = Statements.FINAL.decode(post.finalEnvelope().payload().toArray());
    Vec refund = lastGrant.body().allow().minus(last.used());
    Signed<Closure> closure = exchange.closure(post.finalEnvelope().hash(), last.used(), refund);
    return Reply.bundle(
        200, Bundle.write(Bundles.FinalReply.class, new Bundles.FinalReply(closure.envelope())));
  }

  private Reply commands() throws InterruptedException {
    Signed<Command> command = commands.poll(20, TimeUnit.SECONDS);
    if (command == null) {
      return Reply.text(204, "");
    }
    Bundles.CommandItem item = new Bundles.CommandItem(command.envelope(), Optional.empty());
    return Reply.bundle(
        200, Bundle.write(Bundles.CommandsReply.class, new Bundles.CommandsReply(List.of(item))));
  }

  private Signed<Heartbeat> heartbeat(Request r) {
    try {
      Envelope e =
          Bundle.parse(Bundles.HeartbeatPost.class, utf8(r.body()), Bundles.MAX_BYTES).heartbeat();
      return Dsse.open(Statements.HEARTBEAT, e, exchange.ik.key());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
