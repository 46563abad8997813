package dev.leasehold.consumer.relay;

import dev.leasehold.consumer.trust.CheckFailed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.lease.Bundles.WellKnown;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.stream.SealedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Speaks to the relay's public paths (protocol §7.1, outer listener). What comes back is bytes;
 * whether they are worth anything is decided elsewhere.
 */
public final class RelayClient implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /** Evidence is at most 256 KiB; the rest is envelopes and revocation lists. */
  private static final int MAX_WELL_KNOWN_BYTES = 1 << 20;

  /** A proof has at most 64 hashes. */
  private static final int MAX_PROOF_BYTES = 1 << 14;

  private static final int MAX_ERROR_BYTES = 4_096;
  private static final String UNKNOWN_KEY = "unknown-key";
  private static final String CHECK = "relay";

  private final URI base;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  private final Duration silence;

  public RelayClient(URI base) {
    this(base, SILENCE);
  }

  /** A client that gives up when it has heard nothing for so long. */
  RelayClient(URI base, Duration silence) {
    this.base = base;
    this.silence = silence;
  }

  /** What came of a sealed request. */
  public sealed interface Reply {
    /** The frames, as they come; whoever has them closes them, which ends the request. */
    record Frames(InputStream body) implements Reply {}

    /** The enclave has another key by now. */
    record UnknownKey() implements Reply {}
  }

  /** The bundle to check; at most 1 MiB of it. */
  public WellKnown wellKnown() throws CheckFailed {
    return get("/.well-known/leasehold", WellKnown.class, MAX_WELL_KNOWN_BYTES);
  }

  /** What the custodian's log says, through the relay, of two of its sizes. */
  public ConsistencyProof consistency(long from, long to) throws CheckFailed {
    return get("/log/proof?from=" + from + "&to=" + to, ConsistencyProof.class, MAX_PROOF_BYTES);
  }

  private <B extends Record> B get(String path, Class<B> type, int most) throws CheckFailed {
    HttpResponse<byte[]> response =
        send(
            HttpRequest.newBuilder(at(path)).build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
    if (response.statusCode() != 200) {
      throw refused(response.statusCode(), response.body());
    }
    return CheckFailed.opening(
        CHECK,
        "check that " + base + " is the address of a Leasehold relay",
        () -> Bundle.parse(type, response.body(), most));
  }

  /** Posts a sealed request. */
  public Reply seal(SealedRequest sealed) throws CheckFailed {
    HttpRequest request =
        HttpRequest.newBuilder(at("/v1/seal"))
            .header("Content-Type", SealedRequest.CONTENT_TYPE)
            .POST(BodyPublishers.ofByteArray(sealed.encode()))
            .build();
    HttpResponse<InputStream> response = send(request, BodyHandlers.ofInputStream());
    if (response.statusCode() == 200) {
      return new Reply.Frames(new StallGuard(response.body(), silence));
    }
    byte[] error = start(new StallGuard(response.body(), silence));
    if (response.statusCode() == 400 && text(error).contains(UNKNOWN_KEY)) {
      return new Reply.UnknownKey();
    }
    throw refused(response.statusCode(), error);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private URI at(String path) {
    return base.resolve(path);
  }

  private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws CheckFailed {
    CompletableFuture<HttpResponse<T>> response = http.sendAsync(request, handler);
    try {
      return response.get(silence.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw unreachable(String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      throw unreachable("nothing for " + silence.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable("an interruption: the proxy is closing");
    } finally {
      response.cancel(true);
    }
  }

  private CheckFailed unreachable(String found) {
    return new CheckFailed(
        CHECK,
        "an answer from " + base,
        found,
        "check that the relay runs and that this is the address of its outer listener");
  }

  private CheckFailed refused(int status, byte[] body) {
    return new CheckFailed(
        CHECK,
        "status 200 from " + base,
        "status " + status + " " + text(body).strip(),
        status == 503
            ? "wait until the borrower's enclave serves under a live lease"
            : "check that this is the address of a relay's outer listener");
  }

  private static byte[] start(InputStream body) {
    try (body) {
      return body.readNBytes(MAX_ERROR_BYTES);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static String text(byte[] body) {
    int shown = Math.min(body.length, 300);
    return new String(body, 0, shown, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", " ");
  }
}
