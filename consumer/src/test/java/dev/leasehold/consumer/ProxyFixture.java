package dev.leasehold.consumer;

import dev.leasehold.consumer.trust.TrustFile;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.snp.SimulatedAmd;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** A proxy before a fake relay, with a clock that a test sets. */
final class ProxyFixture implements AutoCloseable {
  static final String CHAT =
      "{\"model\":\"stories\",\"messages\":[{\"role\":\"user\",\"content\":\"CANARY\"}]}";
  static final String STREAMED_CHAT = CHAT.replace("{\"model\"", "{\"stream\":true,\"model\"");

  final FakeRelay relay = new FakeRelay();
  final AtomicReference<Instant> now = new AtomicReference<>(FakeEnclave.NOW.plusSeconds(1));
  final Path receipts;
  final Path collateral;
  private final HttpClient http = HttpClient.newHttpClient();
  private Proxy proxy;

  ProxyFixture(Path folder) throws IOException {
    receipts = folder.resolve("receipts");
    collateral = Files.createDirectories(folder.resolve("collateral"));
    Files.write(collateral.resolve("genoa.crl"), FakeEnclave.revocations());
    proxy = start(trust(), relay.uri());
  }

  TrustFile trust() {
    return new TrustFile(
        relay.enclave.parties.approverSet(),
        Optional.of(Parties.LEASE_ID),
        Optional.of(Parties.BORROWER_ID),
        Optional.of(relay.enclave.parties.modelPackage.hash()),
        Optional.of(Parties.MODEL_DIGEST));
  }

  /** Starts the proxy anew with another trust file or relay. */
  void restart(TrustFile trust, URI at) throws IOException {
    proxy.close();
    proxy = start(trust, at);
  }

  /** The same proxy once more: what it knows is what it kept. */
  void restart() throws IOException {
    restart(trust(), relay.uri());
  }

  private Proxy start(TrustFile trust, URI at) throws IOException {
    return Proxy.start(
        new ProxyConfig(
            trust,
            at,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            receipts,
            collateral),
        SimulatedAmd.shared().anchors(),
        now::get);
  }

  URI uri() {
    return proxy.uri();
  }

  HttpResponse<String> chat() throws IOException, InterruptedException {
    return post("/v1/chat/completions", CHAT);
  }

  HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
    return http.send(request(path, body), HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<InputStream> stream(String path, String body)
      throws IOException, InterruptedException {
    return http.send(request(path, body), HttpResponse.BodyHandlers.ofInputStream());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(proxy.uri().resolve(path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest request(String path, String body) {
    return HttpRequest.newBuilder(proxy.uri().resolve(path))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  /** {@code error.code} of an error response. */
  static String code(HttpResponse<String> response) throws Malformed {
    return field(response.body(), "code");
  }

  static String message(HttpResponse<String> response) throws Malformed {
    return field(response.body(), "message");
  }

  private static String field(String body, String name) throws Malformed {
    Json.Obj whole = ApiJson.parse("response", body.getBytes(StandardCharsets.UTF_8), 1 << 20);
    return whole.get("error").orElseThrow() instanceof Json.Obj error
            && error.get(name).orElseThrow() instanceof Json.Str(String s)
        ? s
        : "";
  }

  List<Path> kept() throws IOException {
    try (Stream<Path> all = Files.list(receipts)) {
      return all.toList();
    }
  }

  @Override
  public void close() {
    proxy.close();
    relay.close();
    http.shutdownNow();
  }
}
