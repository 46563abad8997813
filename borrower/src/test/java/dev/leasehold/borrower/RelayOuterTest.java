package dev.leasehold.borrower;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RelayOuterTest {
  private static final byte[] FRAME = new byte[512];

  @TempDir Path folder;
  private RelayFixture f;
  private HttpServer enclave;

  /** What the enclave shows; nothing: it refuses. */
  private volatile byte[] shown = {};

  private final AtomicReference<byte[]> seen = new AtomicReference<>(new byte[0]);
  private final CountDownLatch nextFrame = new CountDownLatch(1);
  private final CountDownLatch disconnected = new CountDownLatch(1);

  @BeforeEach
  void open() throws Exception {
    f = new RelayFixture(folder);
    enclave = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    enclave.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    enclave.createContext("/v1/seal", this::stream);
    enclave.createContext("/.well-known/leasehold", this::wellKnown);
    enclave.start();
    f.relay.enclaveAt(URI.create("http://127.0.0.1:" + enclave.getAddress().getPort()));
  }

  @AfterEach
  void close() throws Exception {
    enclave.stop(0);
    f.close();
  }

  @Test
  void theBodyGoesThroughAndFramesComeBackOneByOne() throws Exception {
    byte[] request = new byte[300_000];
    Arrays.fill(request, (byte) 7);
    HttpResponse<InputStream> response = seal(request);
    try (InputStream in = response.body()) {
      assertThat(in.readNBytes(FRAME.length)).isEqualTo(FRAME);
      nextFrame.countDown();
      assertThat(in.readNBytes(FRAME.length)).isEqualTo(FRAME);
    }
    assertThat(seen.get()).isEqualTo(request);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/x-test");
  }

  @Test
  void aConsumerWhoGoesAwayEndsTheRequestAtTheEnclave() throws Exception {
    HttpResponse<InputStream> response = seal(new byte[10]);
    assertThat(response.body().readNBytes(FRAME.length)).hasSize(FRAME.length);
    response.body().close();
    nextFrame.countDown();
    assertThat(disconnected.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void statusAndBodyOfErrorsAreTheEnclaves() throws Exception {
    HttpResponse<String> response = get("/.well-known/leasehold");
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(response.body()).isEqualTo("replay");
  }

  @Test
  void anAnswerThatIsTooLongIsRefusedAndNotCutOff() throws Exception {
    shown = new byte[1 << 20];
    assertThat(status("/.well-known/leasehold")).isEqualTo(200);
    shown = new byte[(1 << 20) + 1];
    HttpResponse<String> refused = get("/.well-known/leasehold");
    assertThat(refused.statusCode()).isEqualTo(502);
    assertThat(refused.body()).contains("expected at most 1048576 bytes, found more");
  }

  @Test
  void nothingElseOfTheEnclaveIsReachableAndNoEnclaveIsSaidSo() throws Exception {
    assertThat(status("/local/drain")).isEqualTo(404);
    assertThat(status("/v1/instances/x/heartbeat")).isEqualTo(404);
    enclave.stop(0);
    assertThat(status("/.well-known/leasehold")).isEqualTo(503);
  }

  @Test
  void chunksComeFromDiskAndEndAtTheLastOne() throws Exception {
    assertThat(f.enclave.getBytes("/v1/package/chunks/0").body()).hasSize((1 << 20) + 16);
    byte[] last = f.enclave.getBytes("/v1/package/chunks/2").body();
    assertThat(last).hasSize(3 + 16).containsOnly((byte) 2);
    assertThat(f.enclave.getBytes("/v1/package/chunks/3").statusCode()).isEqualTo(404);
    assertThat(f.enclave.getBytes("/v1/package/chunks/-1").statusCode()).isEqualTo(404);
    assertThat(f.enclave.getBytes("/v1/package/chunks/..%2fpackage.json").statusCode())
        .isEqualTo(404);
  }

  /** Others load their model through the same relay, and read none of what it sends them. */
  @Tag("D18")
  @Timeout(60)
  @Test
  void modelsBeingLoadedHoldNoRequestUp() throws Exception {
    List<Socket> loading = new ArrayList<>();
    try {
      for (int i = 0; i < 20; i++) {
        Socket slow = new Socket(f.relay.inner().getAddress(), f.relay.inner().getPort());
        loading.add(slow);
        slow.getOutputStream()
            .write(
                "GET /v1/package/chunks/0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(slow.getInputStream().read()).as("it is being sent").isEqualTo('H');
      }
      HttpResponse<InputStream> response = seal(new byte[1_000]);
      try (InputStream in = response.body()) {
        assertThat(in.readNBytes(FRAME.length)).isEqualTo(FRAME);
        nextFrame.countDown();
      }
    } finally {
      for (Socket slow : loading) {
        slow.close();
      }
    }
  }

  @Test
  void theConsoleShowsTheLedgerToLoopbackNamesOnly() throws Exception {
    f.enclave.enrol();
    String page = console("text/html");
    assertThat(page).contains("<h1>Your lease</h1>").contains(f.exchange.instanceId.hex());
    assertThat(console("application/json"))
        .startsWith("{\"leaseId\":\"3f3f")
        .contains("\"reserved\":{\"requests\":200");
  }

  private void stream(HttpExchange x) throws IOException {
    seen.set(x.getRequestBody().readAllBytes());
    x.getResponseHeaders().set("Content-Type", "application/x-test");
    x.sendResponseHeaders(200, 0);
    try (OutputStream out = x.getResponseBody()) {
      out.write(FRAME);
      out.flush();
      nextFrame.await();
      for (int i = 0; i < 100_000; i++) {
        out.write(FRAME);
        out.flush();
      }
    } catch (IOException e) {
      disconnected.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void wellKnown(HttpExchange x) throws IOException {
    byte[] replay = {'r', 'e', 'p', 'l', 'a', 'y'};
    byte[] body = shown.length == 0 ? replay : shown;
    x.sendResponseHeaders(shown.length == 0 ? 409 : 200, body.length);
    x.getResponseBody().write(body);
    x.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(outer(path)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<InputStream> seal(byte[] body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(outer("/v1/seal"))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
  }

  private int status(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(outer(path)).build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private String console(String accept) throws Exception {
    URI uri = URI.create("http://localhost:" + f.relay.console().getPort() + "/");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).header("Accept", accept).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private URI outer(String path) {
    return URI.create("http://127.0.0.1:" + f.relay.outer().getPort() + path);
  }
}
