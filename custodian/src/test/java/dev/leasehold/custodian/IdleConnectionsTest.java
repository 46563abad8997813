package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A crowd that connects and says nothing, before TLS or after it: heartbeats go on. The custodian
 * is a process of its own, so that each end of a connection counts against a limit of its own.
 */
class IdleConnectionsTest {
  private static final int CROWD = Scale.of(10_000, 500);
  private static final int BEATS = 20;

  /** What either process opens beside the crowd. */
  private static final int OTHER_FILES = 500;

  @TempDir Path folder;

  @Test
  void heartbeatsGoOnBesideACrowdThatIsIdle() throws Exception {
    requireFiles(CROWD + OTHER_FILES);
    List<RawClient> crowd = new ArrayList<>();
    try (World world = new World(folder).lend()) {
      Enclave e = world.enclave().enrolled();
      world.stop();
      Process child = world.startChild();
      try {
        for (int i = 0; i < CROWD; i++) {
          crowd.add(i < CROWD / 10 ? RawClient.connect(world) : RawClient.silent(world));
        }
        for (int i = 1; i <= BEATS; i++) {
          assertThat(e.beat(10L * i)).isNotNull();
        }
        assertThat(world.get("/healthz").status()).isEqualTo(200);
        assertThat(openFiles(child)).as("files of the custodian").isGreaterThan(CROWD);
      } finally {
        closeAll(crowd);
        child.destroyForcibly().waitFor();
      }
    }
  }

  /** The JVM has raised the soft limit to the hard one, for itself and what it starts. */
  private static void requireFiles(int needed) {
    long limit =
        ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getMaxFileDescriptorCount();
    assumeTrue(
        limit >= needed,
        () ->
            "a process may open "
                + limit
                + " files here, "
                + CROWD
                + " connections need "
                + needed
                + ": raise the hard limit ('ulimit -Hn', or nofile in /etc/security/limits.conf)");
  }

  private static long openFiles(Process process) throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc", String.valueOf(process.pid()), "fd"))) {
      return open.count();
    }
  }

  private static void closeAll(List<RawClient> crowd) throws IOException {
    for (RawClient c : crowd) {
      c.close();
    }
  }
}
