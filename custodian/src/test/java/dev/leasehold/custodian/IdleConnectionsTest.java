package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A crowd that connects and says nothing, before TLS or after it: heartbeats go on. */
class IdleConnectionsTest {
  private static final int CROWD = Scale.of(10_000, 500);
  private static final int BEATS = 20;

  @TempDir Path folder;

  @Test
  void heartbeatsGoOnBesideACrowdThatIsIdle() throws Exception {
    List<RawClient> crowd = new ArrayList<>();
    try (World world = new World(folder).lend()) {
      Enclave e = world.enclave().enrolled();
      world.stop();
      Process child = world.startChild();
      try {
        for (int i = 0; i < CROWD; i++) {
          crowd.add(i % 10 == 0 ? RawClient.connect(world) : RawClient.silent(world));
        }
        for (int i = 1; i <= BEATS; i++) {
          assertThat(e.beat(10L * i)).isNotNull();
        }
        assertThat(world.get("/healthz").status()).isEqualTo(200);
      } finally {
        closeAll(crowd);
        child.destroyForcibly().waitFor();
      }
    }
  }

  private static void closeAll(List<RawClient> crowd) throws IOException {
    for (RawClient c : crowd) {
      c.close();
    }
  }
}
