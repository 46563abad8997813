package dev.leasehold.borrower.carry;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.pki.PinnedTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** One request, one answer, over TLS 1.3 to the custodian whose certificate is pinned. */
public final class CustodianClient implements AutoCloseable {
  static final int MAX_REPLY = 1 << 20;

  private static final Duration CONNECT = Duration.ofSeconds(5);

  private static final System.Logger LOG = System.getLogger(CustodianClient.class.getName());

  private final URI base;
  private final HttpClient http;

  /** Why the last attempt had no answer; empty when it had one. */
  private final AtomicReference<String> silence = new AtomicReference<>("");

  public CustodianClient(URI base, Hash certificate) {
    this.base = base;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .sslContext(PinnedTls.context(certificate))
            .sslParameters(PinnedTls.parameters())
            .connectTimeout(CONNECT)
            .build();
  }

  Answer get(String path, Map<String, String> headers, Duration timeout)
      throws IOException, InterruptedException {
    return send(request(path, headers).GET().build(), timeout);
  }

  Answer post(
      String path, Map<String, String> headers, String contentType, byte[] body, Duration timeout)
      throws IOException, InterruptedException {
    return send(
        request(path, headers)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        timeout);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path, Map<String, String> headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
    headers.forEach(request::header);
    return request;
  }

  /** The time limit is for the whole answer: a peer that stops in mid-body must not hold us. */
  private Answer send(HttpRequest request, Duration timeout)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> pending =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_REPLY));
    try {
      HttpResponse<byte[]> response = pending.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      noteAnswer();
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse("application/octet-stream"),
          Bytes.of(response.body()));
    } catch (TimeoutException e) {
      throw noteSilence(new IOException("no answer within " + timeout, e));
    } catch (ExecutionException e) {
      throw noteSilence(
          e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
    } finally {
      pending.cancel(true);
    }
  }

  private void noteAnswer() {
    if (!silence.getAndSet("").isEmpty()) {
      LOG.log(System.Logger.Level.INFO, "the custodian at {0} answers again", base);
    }
  }

  /** Says once why there is no answer, not at every attempt. */
  private IOException noteSilence(IOException reason) {
    String why = String.valueOf(reason.getMessage());
    if (!silence.getAndSet(why).equals(why)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "no answer from the custodian at {0}: {1}; trying again until there is one",
          base,
          why);
    }
    return reason;
  }
}
