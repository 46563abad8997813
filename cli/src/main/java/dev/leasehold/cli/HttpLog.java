package dev.leasehold.cli;

import dev.leasehold.core.audit.LogSource;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.pki.PinnedTls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** A log over HTTP. Nothing is believed because of the channel; TLS hides who asks for what. */
final class HttpLog implements LogSource {
  /** A full bundle of the longest entries there can be. */
  private static final long MAX_FILE = 256L * (2 + 65_535);

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final URI base;
  private final HttpClient http;

  /**
   * Opens a log.
   *
   * @param base folder of {@code checkpoint}
   * @param certificate of the server, if it is a custodian's own; else the system's authorities
   */
  HttpLog(URI base, Optional<Hash> certificate) {
    this.base = base.toString().endsWith("/") ? base : URI.create(base + "/");
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(TIMEOUT);
    certificate.ifPresent(
        c -> builder.sslContext(PinnedTls.context(c)).sslParameters(PinnedTls.parameters()));
    this.http = builder.build();
  }

  @Override
  public byte[] fetch(String path) throws IOException {
    URI uri = base.resolve(path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(TIMEOUT).build();
    try {
      HttpResponse<byte[]> response =
          http.send(
              request,
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), MAX_FILE));
      if (response.statusCode() != 200) {
        throw new IOException(uri + ": status " + response.statusCode());
      }
      return response.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while fetching " + uri);
    }
  }
}
