package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HTTP with bounds on time and size. Servers are known by the JVM's trust store, which keeps
 * questions private and proves nothing about answers. A redirect is not followed: a vendor's
 * service that moves is a change its operator should see.
 */
final class VendorHttp implements Transport {
  private final HttpClient client;
  private final Duration whole;
  private final long maxBytes;

  /**
   * A client.
   *
   * @param connect for a connection
   * @param whole for the answer to its last byte; the JDK's own timeout ends with the headers
   */
  VendorHttp(Duration connect, Duration whole, long maxBytes) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connect)
            .build();
    this.whole = whole;
    this.maxBytes = maxBytes;
  }

  @Override
  public Reply ask(Question question, Optional<Entry> held)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request(question, held), this::bounded);
    try {
      HttpResponse<byte[]> r = answer.get(whole.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply(r.statusCode(), r.headers(), Bytes.of(r.body()));
    } catch (TimeoutException e) {
      throw new HttpTimeoutException("no whole answer within " + whole.toMillis() + " ms");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static HttpRequest request(Question question, Optional<Entry> held) {
    HttpRequest.Builder b = HttpRequest.newBuilder(question.uri());
    if (question.posted().isPresent()) {
      return b.header("Content-Type", "application/ocsp-request")
          .POST(HttpRequest.BodyPublishers.ofByteArray(question.posted().get().encoded()))
          .build();
    }
    held.map(Entry::etag).filter(t -> !t.isEmpty()).ifPresent(t -> b.header("If-None-Match", t));
    held.map(Entry::lastModified)
        .filter(t -> !t.isEmpty())
        .ifPresent(t -> b.header("If-Modified-Since", t));
    return b.build();
  }

  private HttpResponse.BodySubscriber<byte[]> bounded(HttpResponse.ResponseInfo info) {
    long declared = info.headers().firstValueAsLong("Content-Length").orElse(0);
    if (declared > maxBytes) {
      throw new UncheckedIOException(
          new IOException("expected at most " + maxBytes + " bytes, " + declared + " declared"));
    }
    return HttpResponse.BodySubscribers.limiting(
        HttpResponse.BodySubscribers.ofByteArray(), maxBytes);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
