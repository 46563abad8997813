package dev.leasehold.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssembleDistTest {
  @TempDir Path work;

  @Test
  void keepsTheTestkitOutOfTheProductionClassPath() throws IOException {
    String core = Files.writeString(work.resolve("core.jar"), "").toString();
    String testkit = Files.writeString(work.resolve("testkit.jar"), "").toString();
    String model = Files.writeString(work.resolve("model.gguf"), "").toString();
    Path dist = work.resolve("dist");
    Files.createDirectories(dist.resolve("lib"));
    Files.writeString(dist.resolve("lib/stale.jar"), "left over");

    AssembleDist.main(
        new String[] {core, core + File.pathSeparator + testkit, dist.toString(), model});

    assertThat(dist.resolve("lib").toFile().list()).containsExactly("core.jar");
    assertThat(dist.resolve("demo-lib").toFile().list()).containsExactly("testkit.jar");
    assertThat(dist.resolve("models").toFile().list()).containsExactly("model.gguf");
    assertThat(dist.resolve("complete")).exists();
  }
}
