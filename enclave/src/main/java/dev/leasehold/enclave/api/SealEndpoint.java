package dev.leasehold.enclave.api;

import com.sun.net.httpserver.HttpExchange;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.guard.Denied;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.core.stream.ResponseWriter;
import dev.leasehold.core.stream.SealedRequest;
import dev.leasehold.enclave.meter.View;
import dev.leasehold.enclave.model.Rejected;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * {@code POST /v1/seal}. Until the request is opened every refusal is unsigned, unsealed and a
 * function of what the relay sees anyway; from then on only a repeated nonce is, and the rest
 * travels sealed on the frame clock (protocol §11.2, §11.3).
 */
final class SealEndpoint {
  /** Bodies are read and opened for at most so many clients at once: each may hold a megabyte. */
  private static final int MAX_OPEN = 256;

  private static final String FRAMES = "application/octet-stream";

  private final ServedLease lease;
  private final ConsumerKeys keys;
  private final Apis apis;
  private final Receipts receipts;
  private final Streams streams;
  private final FrameClock clock;
  private final SecureRandom random;
  private final Semaphore room = new Semaphore(MAX_OPEN);

  SealEndpoint(
      ServedLease lease,
      ConsumerKeys keys,
      Apis apis,
      Streams streams,
      FrameClock clock,
      SecureRandom random) {
    this.lease = lease;
    this.keys = keys;
    this.apis = apis;
    this.receipts = new Receipts(lease);
    this.streams = streams;
    this.clock = clock;
    this.random = random;
  }

  void handle(HttpExchange exchange) throws IOException {
    if (!room.tryAcquire()) {
      Http.problem(exchange, 503, "busy", "too many requests are open");
      return;
    }
    try {
      receive(exchange);
    } finally {
      room.release();
    }
  }

  private void receive(HttpExchange exchange) throws IOException {
    int max = ConsumerKeys.MAX_REQUEST_BYTES;
    Optional<byte[]> body = Http.body(exchange, SealedRequest.maxEncodedBytes(max));
    if (body.isEmpty()) {
      Http.problem(exchange, 413, "too-large", "at most " + max + " bytes when padded");
      return;
    }
    SealedRequest sealed;
    try {
      sealed = SealedRequest.parse(body.get(), max);
    } catch (Malformed e) {
      Http.problem(exchange, 400, "malformed", String.valueOf(e.getMessage()));
      return;
    }
    if (!streams.enter()) {
      notServing(exchange);
      return;
    }
    try {
      open(exchange, sealed);
    } finally {
      streams.leave();
    }
  }

  private void open(HttpExchange exchange, SealedRequest sealed) throws IOException {
    View view = lease.view();
    Optional<ConsumerKey> key = keys.named(sealed.keyconfig());
    if (view.staple().isEmpty()) {
      notServing(exchange);
      return;
    }
    if (key.isEmpty()) {
      unknownKey(exchange);
      return;
    }
    try (SealedRequest.Received received = key.get().open(sealed)) {
      answer(exchange, sealed, received, key.get(), view);
    } catch (OpenFailed e) {
      unknownKey(exchange);
    }
  }

  private void answer(
      HttpExchange exchange,
      SealedRequest sealed,
      SealedRequest.Received received,
      ConsumerKey key,
      View view)
      throws IOException {
    KeyConfig config = key.config().body();
    int frameBytes = Math.toIntExact(config.frameBytes());
    try (ResponseWriter writer =
        new ResponseWriter(received.responseSecret(), sealed.sealed().enc(), frameBytes, random)) {
      AnswerStream answer;
      try {
        InferRequest request = parse(received);
        if (!key.firstUse(request.nonce())) {
          Http.problem(exchange, 409, "replay", "this nonce was used before");
          return;
        }
        Work work = apis.parse(request, view);
        answer = stream(writer, work, new Receipts.Subject(config.keySeq(), sealed, request), view);
        admit(work, answer);
      } catch (ApiError e) {
        writer.refuse(e.json());
        send(exchange, writer.head(), config, writer::frame, writer::hasEnded);
        return;
      }
      try {
        send(exchange, writer.head(), config, answer::nextFrame, answer::hasEnded);
      } finally {
        answer.abandon();
      }
    }
  }

  private static InferRequest parse(SealedRequest.Received received) throws ApiError {
    byte[] json = received.json().exposeArray();
    try {
      return InferRequest.parse(json);
    } catch (Malformed e) {
      throw ApiError.invalid(e);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  private AnswerStream stream(
      ResponseWriter writer, Work work, Receipts.Subject subject, View view) {
    Optional<Envelope> staple = view.staple();
    return new AnswerStream(
        writer,
        work.format(),
        subject.request().delivery(),
        () -> !streams.ended() && lease.mayEmit(),
        lease.tally(),
        (answer, charged, finish) -> receipts.sign(subject, answer, charged, finish),
        () -> lease.view().staple().or(() -> staple).orElseThrow());
  }

  private void admit(Work work, AnswerStream answer) {
    lease.tally().entered();
    try {
      work.start(answer);
    } catch (Denied e) {
      answer.refused(ApiError.of(e));
    } catch (Rejected e) {
      answer.refused(ApiError.of(e));
    } catch (RuntimeException e) {
      answer.broke();
      throw e;
    }
  }

  private void send(
      HttpExchange exchange,
      byte[] head,
      KeyConfig config,
      Supplier<byte[]> frames,
      BooleanSupplier ended)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", FRAMES);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    clock.send(out, head, config.frameMs(), frames, ended);
    out.close();
  }

  private static void unknownKey(HttpExchange exchange) throws IOException {
    Http.problem(exchange, 400, "unknown-key", "fetch the key configuration again");
  }

  private static void notServing(HttpExchange exchange) throws IOException {
    Http.problem(exchange, 503, "not-serving", "this enclave serves nobody now");
  }
}
