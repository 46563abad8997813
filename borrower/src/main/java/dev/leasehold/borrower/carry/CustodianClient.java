package dev.leasehold.borrower.carry;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.pki.PinnedTls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;

/** One request, one answer, over TLS 1.3 to the custodian whose certificate is pinned. */
public final class CustodianClient implements AutoCloseable {
  static final int MAX_REPLY = 1 << 20;

  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final URI base;
  private final HttpClient http;

  public CustodianClient(URI base, Hash certificate) {
    this.base = base;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(PinnedTls.context(certificate))
            .sslParameters(PinnedTls.parameters())
            .connectTimeout(CONNECT)
            .build();
  }

  Answer get(String path, Map<String, String> headers, Duration timeout)
      throws IOException, InterruptedException {
    return send(request(path, headers, timeout).GET().build());
  }

  Answer post(
      String path, Map<String, String> headers, String contentType, byte[] body, Duration timeout)
      throws IOException, InterruptedException {
    return send(
        request(path, headers, timeout)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private HttpRequest.Builder request(String path, Map<String, String> headers, Duration timeout) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(timeout);
    headers.forEach(request::header);
    return request;
  }

  private Answer send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(MAX_REPLY + 1);
      if (body.length > MAX_REPLY) {
        throw new IOException("the custodian's answer is longer than " + MAX_REPLY + " bytes");
      }
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse("application/octet-stream"),
          Bytes.of(body));
    }
  }
}
