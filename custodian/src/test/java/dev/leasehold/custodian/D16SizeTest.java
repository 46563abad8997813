package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.custodian.grant.DekImport;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes are held to their limits before anything is read (D16): no client makes memory grow. */
@Tag("D16")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D16SizeTest {
  private static final long HUGE = 10_000_000_000L;

  /** What the kernel may have taken before the server hung up. */
  private static final long IN_BUFFERS = 32 << 20;

  @TempDir static Path folder;
  private World world;
  private Enclave enclave;

  /** Paths that take a body, and the most each reads. */
  enum Taker {
    ORDERS("/v1/orders", Envelope.MAX_BYTES),
    LEASES("/v1/leases", Envelope.MAX_BYTES),
    HELLO("/v1/instances", Envelope.MAX_BYTES),
    DEK("/v1/packages/PACKAGE/dek", DekImport.BODY_BYTES),
    EVIDENCE("/v1/instances/INSTANCE/evidence", Bundles.MAX_EVIDENCE_BYTES),
    HEARTBEAT("/v1/instances/INSTANCE/heartbeat", Bundles.MAX_BYTES),
    FINAL("/v1/instances/INSTANCE/final", Bundles.MAX_BYTES);

    private final String path;
    private final int most;

    Taker(String path, int most) {
      this.path = path;
      this.most = most;
    }
  }

  @BeforeAll
  void open() throws Exception {
    world = new World(folder).lend();
    enclave = world.enclave().challenged();
  }

  @AfterAll
  void close() {
    world.close();
  }

  /** For its own fault, or without a word. */
  private static boolean isRefused(int status) {
    return status == 0 || (status >= 400 && status < 500);
  }

  private String head(Taker taker, String... headers) {
    String path =
        taker
            .path
            .replace("PACKAGE", world.owner.packageId.hex())
            .replace("INSTANCE", enclave.id.hex());
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
        + enclave.token
        + "\r\nIdempotency-Key: "
        + "0".repeat(32)
        + "\r\n"
        + String.join("\r\n", headers)
        + "\r\n\r\n";
  }

  @ParameterizedTest
  @EnumSource
  void aLengthThatIsDeclaredTooLargeIsRefusedUnread(Taker taker) throws Exception {
    try (RawClient c = RawClient.connect(world)) {
      assertThat(c.send(head(taker, "Content-Length: " + HUGE)).status()).isEqualTo(413);
      assertThat(c.pump(HUGE)).isLessThan(IN_BUFFERS);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyOfUntoldLengthIsReadToItsLimitAndNoFurther(Taker taker) throws Exception {
    try (RawClient c = RawClient.connect(world)) {
      c.send(head(taker, "Transfer-Encoding: chunked"));
      c.send(Integer.toHexString(taker.most + 1) + "\r\n")
          .send(new byte[taker.most + 1])
          .send("\r\n");
      // The body's end never comes: the answer does.
      assertThat(c.status()).isEqualTo(413);
      assertThat(c.pump(HUGE)).isLessThan(IN_BUFFERS);
    }
  }

  @Test
  void whatNoPathTakesIsNotReadEither() throws Exception {
    try (RawClient c = RawClient.connect(world)) {
      c.send("POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: " + HUGE + "\r\n\r\n");
      assertThat(c.pump(HUGE)).isLessThan(IN_BUFFERS);
    }
    try (RawClient c = RawClient.connect(world)) {
      c.send("GET /v1/leases HTTP/1.1\r\nHost: x\r\nContent-Length: " + HUGE + "\r\n\r\n");
      assertThat(c.pump(HUGE)).isLessThan(IN_BUFFERS);
    }
  }

  @Test
  void aBodyThatIsShorterThanDeclaredChangesNothing() throws Exception {
    String before = world.view().write();
    try (RawClient c = RawClient.connect(world)) {
      c.send(head(Taker.ORDERS, "Content-Length: 100")).send("{\"payload").endOfSending();
      assertThat(c.status()).matches(D16SizeTest::isRefused);
    }
    assertThat(world.view().write()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: -1",
        "Content-Length: 99999999999999999999",
        "Content-Length: 5x",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip",
        "Content-Encoding: gzip\r\nContent-Length: 5"
      })
  void lengthsThatContradictThemselvesAreRefused(String headers) throws Exception {
    try (RawClient c = RawClient.connect(world)) {
      assertThat(c.send(head(Taker.ORDERS, headers) + "hello").status())
          .matches(D16SizeTest::isRefused);
    }
    assertThat(world.get("/healthz").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /v1/leases?after=", "GET /healthz HTTP/1.1\r\nX-Long: "})
  void aHeadWithoutEndIsRefused(String start) throws Exception {
    try (RawClient c = RawClient.connect(world)) {
      c.send(start);
      assertThat(c.pump(HUGE)).isLessThan(IN_BUFFERS);
    }
  }
}
