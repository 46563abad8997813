package dev.leasehold.consumer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles.WellKnown;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.core.stream.ResponseWriter;
import dev.leasehold.core.stream.SealedRequest;
import dev.leasehold.testkit.log.MemoryLog;
import dev.leasehold.testkit.party.Parties;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A relay with an enclave behind it: real sealing, real frames, and an answer a test scripts. */
final class FakeRelay implements AutoCloseable {
  static final String PLAIN = "{\"id\":\"x\",\"choices\":[{\"text\":\"In the beginning\"}]}";
  static final List<String> EVENTS =
      List.of("data: {\"a\":1}\n\n", "data: {\"b\":2}\n\n", "data: [DONE]\n\n");

  /** What the enclave says. */
  interface Script {
    void answer(Conversation conversation) throws Exception;
  }

  final FakeEnclave enclave = new FakeEnclave();
  final AtomicInteger bundles = new AtomicInteger();
  final AtomicInteger seals = new AtomicInteger();
  final List<InferRequest> requests = new CopyOnWriteArrayList<>();

  /** Changes the whole body of an answer on its way. */
  Optional<UnaryOperator<byte[]>> bendFrames = Optional.empty();

  Script script = FakeRelay::honest;

  /** What is behind the proofs; which checkpoint is shown is for the enclave's bundle to say. */
  MemoryLog log = new MemoryLog(Parties.LOG_ORIGIN, enclave.parties.logKey);

  private final HttpServer server;

  FakeRelay() throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/.well-known/leasehold", this::wellKnown);
    server.createContext("/v1/seal", this::seal);
    server.createContext("/log/proof", this::proof);
    server.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** One request that was opened, and its answer. */
  final class Conversation {
    final InferRequest request;
    final ResponseWriter writer;
    private final SealedRequest sealed;
    private final OutputStream out;
    Receipt.Finish finish = Receipt.Finish.STOP;

    Conversation(
        InferRequest request, ResponseWriter writer, SealedRequest sealed, OutputStream out) {
      this.request = request;
      this.writer = writer;
      this.sealed = sealed;
      this.out = out;
    }

    void say(String text) throws IOException {
      writer.write(text.getBytes(StandardCharsets.UTF_8));
      while (writer.waiting() > 0) {
        frame();
      }
    }

    void frame() throws IOException {
      out.write(writer.frame());
      out.flush();
    }

    void end(Optional<String> error) throws IOException {
      Envelope receipt =
          enclave
              .receipt(sealed, request.body(), writer.salt(), writer.responseHash(), finish)
              .envelope();
      writer.end(error.map(FakeRelay::bytes), bytes(receipt.write()), staple());
      while (!writer.hasEnded()) {
        frame();
      }
    }

    void refuse(String error) throws IOException {
      writer.refuse(bytes(error));
      while (!writer.hasEnded()) {
        frame();
      }
    }

    private Bytes staple() {
      return bytes(enclave.answerStaple().envelope().write());
    }
  }

  static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void honest(Conversation c) throws IOException {
    if (c.request.delivery() == InferRequest.Delivery.STREAMED) {
      for (String event : EVENTS) {
        c.say(event);
      }
    } else {
      c.say(PLAIN);
    }
    c.end(Optional.empty());
  }

  private void wellKnown(HttpExchange x) throws IOException {
    try (x) {
      bundles.incrementAndGet();
      byte[] body = Bundle.write(WellKnown.class, enclave.bundle());
      x.sendResponseHeaders(200, body.length);
      x.getResponseBody().write(body);
    }
  }

  private void proof(HttpExchange x) throws IOException {
    try (x) {
      String[] range = x.getRequestURI().getQuery().split("[^0-9]+", -1);
      Optional<ConsistencyProof> proof =
          log.consistency(Long.parseLong(range[1]), Long.parseLong(range[2]));
      if (proof.isEmpty()) {
        problem(x, 404, "{}");
        return;
      }
      byte[] body = Bundle.write(ConsistencyProof.class, proof.get());
      x.sendResponseHeaders(200, body.length);
      x.getResponseBody().write(body);
    }
  }

  private void seal(HttpExchange x) throws IOException {
    seals.incrementAndGet();
    try (x) {
      SealedRequest sealed = SealedRequest.parse(x.getRequestBody().readAllBytes(), 1 << 20);
      if (!sealed.keyconfig().equals(enclave.keyconfig().hash())) {
        problem(x, 400, "{\"type\":\"urn:leasehold:problem:unknown-key\",\"status\":400}");
        return;
      }
      try (SealedRequest.Received received = sealed.open(enclave.ck)) {
        answer(x, sealed, received);
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void answer(HttpExchange x, SealedRequest sealed, SealedRequest.Received received)
      throws Exception {
    InferRequest request = InferRequest.parse(received.json().exposeArray());
    requests.add(request);
    ResponseWriter writer =
        new ResponseWriter(
            received.responseSecret(), sealed.sealed().enc(), 512, new SecureRandom());
    x.sendResponseHeaders(200, 0);
    OutputStream out = bendFrames.isEmpty() ? x.getResponseBody() : new ByteArrayOutputStream();
    out.write(writer.head());
    out.flush();
    script.answer(new Conversation(request, writer, sealed, out));
    if (out instanceof ByteArrayOutputStream kept) {
      x.getResponseBody().write(bendFrames.orElseThrow().apply(kept.toByteArray()));
    }
  }

  private static void problem(HttpExchange x, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    x.sendResponseHeaders(status, body.length);
    x.getResponseBody().write(body);
  }
}
