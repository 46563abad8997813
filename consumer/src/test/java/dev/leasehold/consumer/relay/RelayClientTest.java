package dev.leasehold.consumer.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.leasehold.consumer.relay.RelayClient.Reply;
import dev.leasehold.consumer.trust.CheckFailed;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.stream.SealedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A relay that misbehaves is named, and never makes the proxy wait for ever. */
@Timeout(60)
class RelayClientTest {
  private static final SealedRequest REQUEST =
      new SealedRequest(
          new Hash("00".repeat(32)),
          new Sealed(Bytes.of(new byte[1120]), Bytes.of(new byte[1040])));

  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;
  private HttpHandler behaviour = x -> status(x, 404, "");
  private RelayClient client;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", x -> behaviour.handle(x));
    server.start();
    client =
        new RelayClient(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            Duration.ofMillis(800));
  }

  @AfterEach
  void stop() {
    end.countDown();
    client.close();
    server.stop(0);
  }

  @Test
  void aRelayThatHoldsFramesBackIsGivenUp() throws Exception {
    behaviour =
        x -> {
          x.sendResponseHeaders(200, 0);
          x.getResponseBody().write(7);
          x.getResponseBody().flush();
          await();
        };
    try (InputStream frames = ((Reply.Frames) client.seal(REQUEST)).body()) {
      assertThat(frames.read()).isEqualTo(7);
      assertThatThrownBy(frames::read)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nothing from the relay");
    }
  }

  @Test
  void aRelayThatNeverAnswersIsGivenUp() {
    behaviour = _ -> await();
    assertThatThrownBy(() -> client.wellKnown()).hasMessageContaining("found nothing for 800 ms");
    assertThatThrownBy(() -> client.seal(REQUEST)).hasMessageContaining("found nothing for 800 ms");
  }

  @Test
  void whatIsNoBundleIsNamed() {
    behaviour = x -> status(x, 200, "<html>");
    assertThatThrownBy(() -> client.wellKnown())
        .isInstanceOf(CheckFailed.class)
        .hasMessageStartingWith("relay: expected")
        .hasMessageContaining("is the address of a Leasehold relay");
  }

  @Test
  void aBundleWithoutEndIsNotRead() {
    behaviour =
        x -> {
          x.sendResponseHeaders(200, 0);
          byte[] part = new byte[1 << 16];
          for (int i = 0; i < 1_000; i++) {
            x.getResponseBody().write(part);
          }
        };
    assertThatThrownBy(() -> client.wellKnown()).isInstanceOf(CheckFailed.class);
  }

  @Test
  void aStatusIsPassedOnWithWhatToDo() throws Exception {
    behaviour = x -> status(x, 503, "{\"title\":\"No enclave serves here now\"}");
    assertThatThrownBy(() -> client.wellKnown())
        .hasMessageContaining("status 503")
        .hasMessageContaining("No enclave serves here now")
        .hasMessageContaining("remedy: wait");
    behaviour = x -> status(x, 400, "{\"type\":\"urn:leasehold:problem:unknown-key\"}");
    assertThat(client.seal(REQUEST)).isInstanceOf(Reply.UnknownKey.class);
    behaviour = x -> status(x, 400, "{\"type\":\"urn:leasehold:problem:malformed\"}");
    assertThatThrownBy(() -> client.seal(REQUEST)).hasMessageContaining("problem:malformed");
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void status(HttpExchange x, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    x.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    x.getResponseBody().write(body);
    x.close();
  }
}
