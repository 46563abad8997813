package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.pki.PinnedTls;
import java.io.IOException;
import java.net.BindException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The door itself: TLS 1.3, one custodian a port, one custodian a folder. */
class TransportTest {
  @TempDir Path folder;

  @Test
  void aClientBelowTls13IsTurnedAway() throws Exception {
    try (World world = new World(folder);
        HttpClient old =
            HttpClient.newBuilder()
                .sslContext(PinnedTls.context(world.server.tlsCertificate()))
                .sslParameters(new SSLParameters(null, new String[] {"TLSv1.2"}))
                .build()) {
      HttpRequest request = HttpRequest.newBuilder(world.uri().resolve("/healthz")).build();
      assertThatThrownBy(() -> old.send(request, HttpResponse.BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
      assertThat(world.get("/healthz").status()).isEqualTo(200);
    }
  }

  @Test
  void aTakenPortIsSaidAndLeavesNothingRunning() throws Exception {
    try (World world = new World(folder.resolve("one"))) {
      Path other = folder.resolve("two");
      try (World second = new World(other)) {
        second.stop();
        CustodianConfig config =
            CustodianConfig.of(second.folder, "127.0.0.1", world.uri().getPort());
        assertThatThrownBy(() -> Custodian.start(config, second.chip.amd().anchors(), second.clock))
            .isInstanceOf(BindException.class);
        second.start();
        assertThat(second.get("/healthz").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void initNeverTouchesAnExistingCustodian() throws Exception {
    try (World world = new World(folder)) {
      assertThatThrownBy(() ->
              Custodian.init(
                  world.folder,
                  List.of(world.owner.approver.key()),
                  1,
                  "other/log",
                  List.of("localhost")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("expected no custodian here");
    }
  }
}
