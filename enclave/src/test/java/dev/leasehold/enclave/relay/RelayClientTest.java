package dev.leasehold.enclave.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.ScriptedCustodian;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever an unsigned reply is, it means "try again" and costs bounded memory and time (OS-04).
 */
@Tag("OS-04")
@Timeout(60)
final class RelayClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Id BOOT = Approvers.id(7);

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer http;
  private RelayClient relay;
  private HttpHandler script = exchange -> {};

  @BeforeEach
  void open() throws IOException {
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    http.createContext(
        "/",
        exchange -> {
          try (exchange) {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            script.handle(exchange);
          }
        });
    http.start();
    relay = new RelayClient(URI.create("http://127.0.0.1:" + http.getAddress().getPort()));
  }

  @AfterEach
  void close() {
    over.countDown();
    http.stop(0);
  }

  @Test
  void aBundleIsReadAndAnEnvelopeBesideAnErrorToo() throws Exception {
    ScriptedCustodian custodian = new ScriptedCustodian(Approvers.emptyPackage(), terms -> {});
    Bundles.Start start = custodian.start();
    script = exchange -> reply(exchange, 200, Bundle.write(Bundles.Start.class, start));
    assertThat(relay.start(BOOT, PATIENCE)).isEqualTo(new Answer.Reply<>(start));
    script = exchange -> reply(exchange, 403, text(start.challenge().write()));
    assertThat(relay.start(BOOT, PATIENCE)).isEqualTo(new Answer.Refusal<>(start.challenge()));
  }

  @Test
  void pagesAndNothingAndWrongBundlesAreNothing() throws Exception {
    for (String body : List.of("", "<html>500</html>", "{}", "{\"challenge\":{}}", "null")) {
      for (int status : new int[] {200, 201, 302, 404, 410, 423, 500, 503}) {
        script = exchange -> reply(exchange, status, text(body));
        assertThat(relay.start(BOOT, PATIENCE)).isEqualTo(new Answer.Nothing<>());
      }
    }
  }

  @Test
  void noRedirectIsFollowed() throws Exception {
    script =
        exchange -> {
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          reply(exchange, 307, text(""));
        };
    assertThat(relay.start(BOOT, PATIENCE)).isEqualTo(new Answer.Nothing<>());
    assertThat(asked).containsExactly("GET /v1/start");
  }

  @Test
  void aReplyWithoutEndIsCutOff() throws Exception {
    script =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] much = new byte[65_536];
          while (over.getCount() > 0) {
            exchange.getResponseBody().write(much);
          }
        };
    assertThat(relay.start(BOOT, PATIENCE)).isEqualTo(new Answer.Nothing<>());
  }

  @Test
  void aReplyThatNeverEndsIsGivenUp() throws Exception {
    script =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          await(over);
        };
    assertThat(relay.start(BOOT, Duration.ofMillis(300))).isEqualTo(new Answer.Nothing<>());
  }

  @Test
  void aChunkHasExactlyItsLength() throws Exception {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(5);
      script = exchange -> reply(exchange, 200, text("12345"));
      relay.chunk(3, into, PATIENCE);
      assertThat(new String(into.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8))
          .isEqualTo("12345");
      assertThat(asked).containsExactly("GET /v1/package/chunks/3");
      for (String wrong : List.of("1234", "123456", "")) {
        script = exchange -> reply(exchange, 200, text(wrong));
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(() -> relay.chunk(3, into, PATIENCE));
      }
      script = exchange -> reply(exchange, 404, text("12345"));
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> relay.chunk(3, into, PATIENCE))
          .withMessageContaining("404");
    }
  }

  @Test
  void nobodyListeningIsNothing() throws Exception {
    http.stop(0);
    assertThat(relay.start(BOOT, PATIENCE)).isEqualTo(new Answer.Nothing<>());
  }

  private static byte[] text(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }
}
