package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take their time are cut off, wherever they have got to; others go on. */
class SlowClientTest {
  private static final Duration DEADLINE = Duration.ofSeconds(3);
  private static final Duration TOO_LONG = Duration.ofSeconds(20);

  @TempDir Path folder;
  private World world;
  private Enclave enclave;

  @BeforeEach
  void open() throws Exception {
    world = new World(folder).lend();
    enclave = world.enclave().enrolled();
    world.servedWith(c -> c.with(DEADLINE));
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Opens a connection and gets as far as it wants to. */
  private interface Start {
    RawClient open() throws Exception;
  }

  private Map<String, Start> slow() {
    String post = "POST /v1/instances/" + enclave.id + "/heartbeat HTTP/1.1\r\nHost: x\r\n";
    String known = "Authorization: Bearer " + enclave.token + "\r\n";
    return Map.of(
        "handshake", () -> RawClient.silent(world).send(new byte[] {0x16, 3, 1, 1, 0}),
        "first line", () -> RawClient.connect(world).send("POST "),
        "headers", () -> RawClient.connect(world).send(post + "X-Slow: "),
        "body", () -> RawClient.connect(world).send(post + known + "Content-Length: 9000\r\n\r\n{"),
        "body that nobody takes",
            () -> RawClient.connect(world).send(post + "Content-Length: 9000\r\n\r\n{"),
        "body for no path",
            () ->
                RawClient.connect(world)
                    .send("POST /no HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n{"),
        "chunk",
            () ->
                RawClient.connect(world)
                    .send(post + known + "Transfer-Encoding: chunked\r\n\r\n2000\r\n{"));
  }

  @Test
  void whoeverDripsIsCutOff() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Duration>> all = new ArrayList<>();
      slow()
          .forEach((phase, start) ->
              all.add(
                  threads.submit(() -> {
                    try (RawClient client = start.open()) {
                      return client.drip('a', TOO_LONG);
                    } catch (AssertionError e) {
                      throw new AssertionError(phase, e);
                    }
                  })));
      for (int i = 1; i <= 10; i++) {
        assertThat(enclave.beat(10L * i)).isNotNull();
      }
      for (Future<Duration> f : all) {
        assertThat(f.get()).isLessThan(TOO_LONG);
      }
    }
    assertThat(enclave.beat(200)).isNotNull();
  }

  @Test
  void whoSaysNothingAtAllIsCutOffToo() throws Exception {
    try (RawClient none = RawClient.silent(world);
        RawClient agreed = RawClient.connect(world)) {
      assertThat(none.status()).isZero();
      assertThat(agreed.status()).isZero();
    }
  }
}
