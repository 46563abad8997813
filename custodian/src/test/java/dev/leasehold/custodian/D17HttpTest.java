package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever stands where a request should: no server error, and nothing is left behind (D17). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class D17HttpTest {
  private static final int REQUESTS = Scale.of(20_000, 400);
  private static final long SEED = 20_261_123;

  @TempDir static Path folder;
  private World world;
  private Enclave enclave;

  @BeforeAll
  void open() throws Exception {
    world = new World(folder).lend();
    enclave = world.enclave().enrolled();
  }

  @AfterAll
  void close() {
    world.close();
  }

  @Test
  void damagedRequestsAreNoServersFault() throws Exception {
    Random random = new Random(SEED);
    String before = world.view().write();
    List<String> good = requests(enclave);
    for (int i = 0; i < REQUESTS; i++) {
      byte[] bytes = good.get(i % good.size()).getBytes(StandardCharsets.ISO_8859_1);
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try (RawClient c = RawClient.connect(world)) {
        assertThat(c.send(bytes).endOfSending().status())
            .as("seed %d, request %d: %s", SEED, i, new String(bytes, StandardCharsets.ISO_8859_1))
            .isLessThan(500);
      }
    }
    assertThat(world.view().write()).isEqualTo(before);
    assertThat(enclave.beat(10)).isNotNull();
  }

  private static List<String> requests(Enclave e) {
    String who = " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + e.token + "\r\n";
    return List.of(
        "GET /v1/instances/" + e.id + "/commands?after=0&waitMs=0" + who + "\r\n",
        "GET /v1/instances/" + e.id + "/staple" + who + "\r\n",
        "GET /v1/leases/" + e.world.leaseId() + "/bundle" + who + "\r\n",
        "POST /v1/instances/" + e.id + "/final" + who + "Content-Length: 2\r\n\r\n{}",
        "POST /v1/orders" + who + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "POST /v1/instances" + who + "Idempotency-Key: " + "ab".repeat(16) + "\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/instances/ID/commands?after=-1",
        "/v1/instances/ID/commands?after=x",
        "/v1/instances/ID/commands?after=99999999999999999999",
        "/v1/instances/ID/commands?waitMs=1e3",
        "/v1/instances/00/commands",
        "/v1/instances/ID%00/commands",
        "/v1/instances/%2e%2e/staple",
        "/v1/leases/../../etc/passwd",
        "/v1/leases/XYZ/bundle",
        "//v1/leases",
        "/v1/leases/ID/",
        "/v1/incidents?most=all"
      })
  void oddPathsAreRefused(String path) throws Exception {
    try (RawClient c = RawClient.connect(world)) {
      String request =
          "GET "
              + path.replace("ID", enclave.id.hex())
              + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
              + enclave.token
              + "\r\nConnection: close\r\n\r\n";
      assertThat(c.send(request).status()).isBetween(400, 499);
    }
  }
}
