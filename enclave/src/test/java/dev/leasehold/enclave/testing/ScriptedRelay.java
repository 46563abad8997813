package dev.leasehold.enclave.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.hpke.DekTransport;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.KeyRelease;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.core.seal.SecretBytes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An inner listener with a well-behaved custodian behind it, until a test says otherwise. It keeps
 * every byte the enclave has sent.
 */
public final class ScriptedRelay implements AutoCloseable {
  public final ScriptedCustodian custodian;
  public final List<String> received = new CopyOnWriteArrayList<>();
  public final List<Signed<Heartbeat>> heartbeats = new CopyOnWriteArrayList<>();
  public final List<Bundles.FinalPost> finals = new CopyOnWriteArrayList<>();

  /** While true every heartbeat is lost. */
  public volatile boolean silent;

  public volatile Mode grantMode = Mode.RUN;

  /** When set, evidence is refused with this status: 403 or 423. */
  public volatile int refuseEvidence;

  public volatile boolean corruptChunks;
  public volatile boolean wrongDek;
  public volatile int lostEvidenceReplies;

  /** So many times a recall lands just before evidence does. */
  public volatile int recallsBeforeEvidence;

  /** Names of the attempts that asked for a challenge. */
  public final Set<String> attempts = new CopyOnWriteArraySet<>();

  private final SealedModel model;
  private final HttpServer http;
  private final BlockingQueue<Bundles.CommandItem> pushes = new LinkedBlockingQueue<>();
  private @Nullable Signed<EvidenceStatement> enrolled;
  private Vec allow = Vec.ZERO;

  public ScriptedRelay(ScriptedCustodian custodian, SealedModel model) throws IOException {
    this.custodian = custodian;
    this.model = model;
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext("/", this::handle);
    http.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
  }

  /** Sends a command down the open request. */
  public void push(Bundles.CommandItem command) {
    pushes.add(command);
  }

  /** The identity key of the enclave that enrolled. */
  public KeyRecord ik() {
    return requireEnrolled().body().ikRecord();
  }

  /** The final, opened with the enclave's key. */
  public Signed<Final> lastWord() throws Exception {
    return Dsse.open(Statements.FINAL, finals.getLast().finalEnvelope(), ik());
  }

  @Override
  public void close() {
    http.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      received.add(path + " " + new String(body, StandardCharsets.UTF_8));
      String what = path.substring(path.lastIndexOf('/') + 1);
      if (path.startsWith("/v1/package/chunks/")) {
        chunk(exchange, Integer.parseInt(what));
        return;
      }
      switch (what) {
        case "start" -> {
          attempts.add(String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key")));
          send(exchange, Bundles.Start.class, custodian.start());
        }
        case "challenge" -> send(exchange, Bundles.Start.class, custodian.start());
        case "evidence" -> evidence(exchange, body);
        case "heartbeat" -> heartbeat(exchange, body);
        case "commands" -> commands(exchange);
        case "final" -> lastWord(exchange, body);
        default -> exchange.sendResponseHeaders(404, -1);
      }
    } catch (Exception e) {
      received.add("broken relay: " + e);
    }
  }

  private void chunk(HttpExchange exchange, int index) throws IOException {
    byte[] chunk = model.chunk(index);
    if (corruptChunks) {
      chunk[17] ^= 1;
    }
    respond(exchange, 200, chunk);
  }

  private synchronized void evidence(HttpExchange exchange, byte[] body) throws Exception {
    Bundles.EvidencePost post =
        Bundle.parse(Bundles.EvidencePost.class, body, Bundles.MAX_EVIDENCE_BYTES);
    Signed<EvidenceStatement> evidence =
        Dsse.openSelfSigned(Statements.EVIDENCE, post.evidence(), EvidenceStatement::ikRecord);
    int status = refuseEvidence;
    if (status != 0) {
      String name = status == 423 ? "not-active" : "evidence-rejected:measurement";
      refuse(
          exchange, custodian.problem(name, status, Problem.Action.STOP, evidence.hash()), status);
      return;
    }
    if (recallsBeforeEvidence > 0) {
      recallsBeforeEvidence--;
      custodian.epoch++;
    }
    if (evidence.body().epoch() != custodian.epoch) {
      refuse(exchange, epochStale(evidence.hash()), 412);
      return;
    }
    boolean again = enrolled != null && !enrolled.hash().equals(evidence.hash());
    Bundles.EnrolmentReply reply = again ? custodian.reattestation(evidence) : enrol(evidence);
    if (lostEvidenceReplies > 0) {
      lostEvidenceReplies--;
      exchange.sendResponseHeaders(503, -1);
      return;
    }
    send(exchange, Bundles.EnrolmentReply.class, reply);
  }

  private Envelope epochStale(Hash message) {
    return custodian.problem("epoch-stale", 412, Problem.Action.REATTEST, message);
  }

  private Bundles.EnrolmentReply enrol(Signed<EvidenceStatement> evidence) throws Exception {
    enrolled = evidence;
    Signed<Grant> grant = custodian.grant0(evidence).sign(custodian.gk);
    allow = grant.body().allow();
    byte[] dek = model.dek.exposeArray();
    if (wrongDek) {
      dek[0] ^= 1;
    }
    try (DekMessage message = new DekMessage(model.modelPackage.dekId(), SecretBytes.taking(dek))) {
      Sealed sealed =
          DekTransport.sealForRelease(
              HpkePublicKey.parse("sk", evidence.body().sk()),
              new DekTransport.Release(
                  evidence.hash(),
                  grant.hash(),
                  evidence.body().lease(),
                  evidence.body().modelPackage()),
              message);
      KeyRelease release = custodian.keyRelease(evidence, grant, sealed.enc(), sealed.ct());
      return custodian.enrolment(evidence, grant, release);
    }
  }

  private synchronized void heartbeat(HttpExchange exchange, byte[] body) throws Exception {
    Bundles.HeartbeatPost post = Bundle.parse(Bundles.HeartbeatPost.class, body, Bundles.MAX_BYTES);
    Signed<Heartbeat> heartbeat = Dsse.open(Statements.HEARTBEAT, post.heartbeat(), ik());
    if (heartbeats.stream().noneMatch(h -> h.hash().equals(heartbeat.hash()))) {
      heartbeats.add(heartbeat);
    }
    if (silent) {
      exchange.sendResponseHeaders(503, -1);
      return;
    }
    if (heartbeat.body().epoch() != custodian.epoch) {
      refuse(exchange, epochStale(heartbeat.hash()), 412);
      return;
    }
    Vec target = heartbeat.body().used().plus(custodian.lease.tranche());
    if (grantMode == Mode.RUN) {
      allow = allow.max(target.min(custodian.lease.budget()));
    }
    GrantDraft grant = custodian.grant(ik(), heartbeat, allow);
    grant.mode = grantMode;
    send(exchange, Bundles.HeartbeatReply.class, custodian.reply(grant.sign(custodian.gk)));
  }

  private void commands(HttpExchange exchange) throws Exception {
    List<Bundles.CommandItem> items = new ArrayList<>();
    Optional.ofNullable(pushes.poll(1, TimeUnit.SECONDS)).ifPresent(items::add);
    if (items.isEmpty()) {
      exchange.sendResponseHeaders(204, -1);
    } else {
      send(exchange, Bundles.CommandsReply.class, new Bundles.CommandsReply(items));
    }
  }

  private void lastWord(HttpExchange exchange, byte[] body) throws Exception {
    Bundles.FinalPost post = Bundle.parse(Bundles.FinalPost.class, body, Bundles.MAX_BYTES);
    finals.add(post);
    Hash hash = post.finalEnvelope().hash();
    send(exchange, Bundles.FinalReply.class, custodian.closure(hash));
  }

  private Signed<EvidenceStatement> requireEnrolled() {
    if (enrolled == null) {
      throw new IllegalStateException("no evidence came");
    }
    return enrolled;
  }

  private static <B extends Record> void send(HttpExchange exchange, Class<B> type, B bundle)
      throws IOException {
    respond(exchange, 200, Bundle.write(type, bundle));
  }

  private static void refuse(HttpExchange exchange, Envelope problem, int status)
      throws IOException {
    respond(exchange, status, problem.write().getBytes(StandardCharsets.UTF_8));
  }

  private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  /** For tests that look for strings in what left the enclave. */
  public String everythingReceived() {
    return String.join("\n", received);
  }

  /** What an attester without hardware reports: nothing anyone could verify. */
  public static Bytes noReport() {
    return Bytes.of(new byte[] {0});
  }
}
