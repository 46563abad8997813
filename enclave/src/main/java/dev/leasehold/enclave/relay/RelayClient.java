package dev.leasehold.enclave.relay;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Talks HTTP to the inner listener of the relay and to nobody else. Every reply is bounded in size
 * and in time, headers and body together, because the host may send what and as slowly as it likes.
 */
public final class RelayClient {
  private static final String BUNDLE = "application/vnd.leasehold.bundle+json";
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int MAX_REPLY = Bundles.MAX_EVIDENCE_BYTES;
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final HttpClient http;
  private final URI base;

  public RelayClient(URI base) {
    this.base = base;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECT)
            .build();
  }

  /**
   * A challenge for a new enclave, with the objects it stands on.
   *
   * @param boot names this attempt: asked again with the same, the custodian makes no second
   *     instance
   */
  public Answer<Bundles.Start> start(Id boot, Duration timeout) throws InterruptedException {
    return ask(
        get("/v1/start").header("Idempotency-Key", boot.hex()), Bundles.Start.class, timeout);
  }

  /** A challenge for re-attestation. */
  public Answer<Bundles.Start> challenge(Id instance, Duration timeout)
      throws InterruptedException {
    return ask(post(instance, "challenge", new byte[0]), Bundles.Start.class, timeout);
  }

  public Answer<Bundles.EnrolmentReply> evidence(
      Id instance, Bundles.EvidencePost post, Duration timeout) throws InterruptedException {
    byte[] body = Bundle.write(Bundles.EvidencePost.class, post);
    return ask(post(instance, "evidence", body), Bundles.EnrolmentReply.class, timeout);
  }

  public Answer<Bundles.HeartbeatReply> heartbeat(
      Id instance, Bundles.HeartbeatPost post, Duration timeout) throws InterruptedException {
    byte[] body = Bundle.write(Bundles.HeartbeatPost.class, post);
    return ask(post(instance, "heartbeat", body), Bundles.HeartbeatReply.class, timeout);
  }

  /** Waits at the relay for commands after {@code cseq}, at most as long as given. */
  public Answer<Bundles.CommandsReply> commands(Id instance, long cseq, Duration wait)
      throws InterruptedException {
    String path =
        "/v1/instances/%s/commands?after=%d&waitMs=%d".formatted(instance, cseq, wait.toMillis());
    return ask(get(path), Bundles.CommandsReply.class, wait.plus(CONNECT));
  }

  public Answer<Bundles.FinalReply> lastWord(Id instance, Bundles.FinalPost post, Duration timeout)
      throws InterruptedException {
    byte[] body = Bundle.write(Bundles.FinalPost.class, post);
    return ask(post(instance, "final", body), Bundles.FinalReply.class, timeout);
  }

  /** Fills the segment with one sealed chunk, which has exactly its length. */
  public void chunk(long index, MemorySegment into, Duration timeout) throws IOException {
    try {
      int length = Math.toIntExact(into.byteSize());
      HttpResponse<byte[]> r = send(get("/v1/package/chunks/" + index), length, timeout);
      if (r.statusCode() != OK || r.body().length != length) {
        throw new IOException(
            "chunk %d: expected 200 with %d bytes, found %d with %d"
                .formatted(index, length, r.statusCode(), r.body().length));
      }
      into.copyFrom(MemorySegment.ofArray(r.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private <B extends Record> Answer<B> ask(
      HttpRequest.Builder request, Class<B> type, Duration timeout) throws InterruptedException {
    HttpResponse<byte[]> response;
    try {
      response = send(request, MAX_REPLY, timeout);
    } catch (IOException e) {
      return new Answer.Nothing<>();
    }
    boolean success = response.statusCode() == OK || response.statusCode() == CREATED;
    try {
      return success
          ? new Answer.Reply<>(Bundle.parse(type, response.body(), MAX_REPLY))
          : new Answer.Refusal<>(Envelope.parse("problem", response.body()));
    } catch (Malformed e) {
      return new Answer.Nothing<>();
    }
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request, int maxBytes, Duration timeout)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> pending =
        http.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBytes));
    try {
      return pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("no reply within " + timeout, e);
    } finally {
      pending.cancel(true);
    }
  }

  private HttpRequest.Builder get(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).GET();
  }

  private HttpRequest.Builder post(Id instance, String what, byte[] body) {
    return HttpRequest.newBuilder(base.resolve("/v1/instances/" + instance + "/" + what))
        .header("Content-Type", BUNDLE)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }
}
