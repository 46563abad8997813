package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole story as a user starts it: every process, every wire, every claim. */
class DemoIT {
  private static final Path DIST = Repository.root().resolve("cli/target/dist");
  private static final Path PROGRAM = Repository.root().resolve("enclave/target/program");

  @TempDir Path work;

  @Test
  void everyClaimOfTheStoryHolds() throws Exception {
    Script.Result result =
        Script.run(
            work,
            work,
            Map.of("PATH", Objects.requireNonNull(System.getenv("PATH"))),
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dleasehold.program=" + PROGRAM,
                "-Dleasehold.dist=" + DIST,
                "-cp",
                DIST.resolve("lib") + "/*" + File.pathSeparator + DIST.resolve("demo-lib") + "/*",
                "dev.leasehold.cli.Leasehold",
                "demo"));
    assertThat(result.out()).contains("SIMULATED").doesNotContain("✘");
    assertThat(result.out()).containsPattern("All \\d+ claims held");
    assertThat(result.exit()).isZero();
  }
}
