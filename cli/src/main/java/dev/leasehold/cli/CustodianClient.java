package dev.leasehold.cli;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.pki.PinnedTls;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Talks to one custodian, whose certificate is pinned. */
final class CustodianClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int NOT_NOW = 503;
  private static final String ENVELOPE = "application/vnd.leasehold.envelope+json";

  private final URI base;
  private final HttpClient http;

  /** A failure that may pass by itself: nobody answers, or whoever does cannot help now. */
  static final class NotNow extends CliFailure {
    private static final long serialVersionUID = 1L;

    NotNow(String message) {
      super(message);
    }

    NotNow(String what, String expected, String found, String remedy) {
      super(what, expected, found, remedy);
    }
  }

  CustodianClient(URI base, Hash certificate) {
    this.base = base;
    this.http =
        HttpClient.newBuilder()
            .sslContext(PinnedTls.context(certificate))
            .sslParameters(PinnedTls.parameters())
            .connectTimeout(TIMEOUT)
            .build();
  }

  /** Registers a standing object. */
  Bundles.Registered register(StandingKind kind, Envelope envelope) throws CliFailure {
    return parse(Bundles.Registered.class, post(kind.path(), ENVELOPE, bytes(envelope)));
  }

  /** Sends an order; for a stop the reply holds the exposure of its own transaction. */
  Bundles.OrderReply order(Envelope order) throws CliFailure {
    return parse(Bundles.OrderReply.class, post(StandingKind.order.path(), ENVELOPE, bytes(order)));
  }

  byte[] post(String path, String contentType, byte[] body) throws CliFailure {
    return send(
        request(path)
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build());
  }

  /** An operator's view. */
  Json.Obj get(String path, String token) throws CliFailure {
    byte[] body = view(path, token);
    try {
      return ApiJson.parse(path, body, Bundles.MAX_EVIDENCE_BYTES * 16);
    } catch (Malformed m) {
      throw CliFailure.of("The custodian's answer is not understood", m, "check its version");
    }
  }

  /** One lease with its enclaves, in the operator's view. */
  LeaseView lease(Id id, String token) throws CliFailure {
    return LeaseView.of(get("/v1/leases/" + id, token));
  }

  /** All commands of a lease with their orders. */
  Bundles.CommandsReply commands(Id lease, String token) throws CliFailure {
    return parse(Bundles.CommandsReply.class, view("/v1/leases/" + lease + "/commands", token));
  }

  /** How far an enclave has got in proving that it stopped. */
  Bundles.Ending ending(Id instance, String token) throws CliFailure {
    return parse(Bundles.Ending.class, view("/v1/instances/" + instance + "/cessation", token));
  }

  /** The public bundle of a lease. */
  Bundles.LeaseBundle bundle(String leaseId) throws CliFailure {
    return parse(
        Bundles.LeaseBundle.class,
        send(request("/v1/leases/" + leaseId + "/bundle").GET().build()));
  }

  private byte[] view(String path, String token) throws CliFailure {
    return send(request(path).header("Authorization", "Bearer " + token).GET().build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
  }

  private byte[] send(HttpRequest request) throws CliFailure {
    HttpResponse<byte[]> response;
    try {
      response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw e instanceof SSLException && !isCutOff(e) ? notThePinnedOne(e) : noAnswer(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliFailure("Interrupted while waiting for " + base);
    }
    if (response.statusCode() >= 300) {
      throw refused(request, response);
    }
    return response.body();
  }

  /** A server that is being stopped hangs up in the middle of a handshake too. */
  private static boolean isCutOff(IOException e) {
    return e instanceof SSLHandshakeException
        && Stream.iterate((Throwable) e, t -> t != null, Throwable::getCause)
            .noneMatch(CertificateException.class::isInstance);
  }

  private CliFailure notThePinnedOne(IOException e) {
    return new CliFailure(
        "The custodian at " + base + " is not the pinned one: " + e.getMessage(),
        "the certificate whose SHA-256 is --pin",
        "another certificate, or no TLS",
        "compare --pin with 'leasehold custodian init', and the port with 'custodian run'");
  }

  private CliFailure noAnswer(IOException e) {
    return new NotNow(
        "No custodian answers at " + base,
        "a server ('leasehold custodian run')",
        String.valueOf(e.getMessage() == null ? "no connection" : e.getMessage()),
        "start it, or correct --custodian");
  }

  private static CliFailure refused(HttpRequest request, HttpResponse<byte[]> response) {
    String what =
        "The custodian refused "
            + request.method()
            + " "
            + request.uri().getPath()
            + " with status "
            + response.statusCode()
            + "\n  "
            + ServerError.describe(response.body());
    return response.statusCode() == NOT_NOW ? new NotNow(what) : new CliFailure(what);
  }

  private static byte[] bytes(Envelope envelope) {
    return envelope.write().getBytes(StandardCharsets.UTF_8);
  }

  private static <B extends Record> B parse(Class<B> type, byte[] body) throws CliFailure {
    try {
      return Bundle.parse(type, body, Bundles.MAX_EVIDENCE_BYTES);
    } catch (Malformed m) {
      throw CliFailure.of("The custodian's answer is not understood", m, "check its version");
    }
  }
}
