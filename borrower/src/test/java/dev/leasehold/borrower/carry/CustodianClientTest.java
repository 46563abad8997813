package dev.leasehold.borrower.carry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.tls.ServerIdentity;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CustodianClientTest {
  private final ServerIdentity identity = ServerIdentity.create();
  private final AtomicInteger requests = new AtomicInteger();
  private HttpsServer server;

  @BeforeEach
  void open() throws Exception {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(identity.context()));
    server.createContext(
        "/",
        x -> {
          requests.incrementAndGet();
          x.sendResponseHeaders(204, -1);
          x.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  @Test
  void thePinnedCertificateIsEnoughWhateverItsName() throws Exception {
    assertThat(get(identity.fingerprint()).status()).isEqualTo(204);
  }

  @Test
  void anotherCertificateIsRefusedBeforeAnythingIsSent() {
    Hash other = Parties.hash(0xee);
    assertThatThrownBy(() -> get(other))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining(other.hex())
        .hasMessageContaining(identity.fingerprint().hex());
    assertThat(requests).hasValue(0);
  }

  private Answer get(Hash pin) throws Exception {
    URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    try (CustodianClient client = new CustodianClient(uri, pin)) {
      return client.get("/", Map.of(), Duration.ofSeconds(10));
    }
  }
}
