package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GgufHeaderTest {
  private static final Path MODEL =
      Repository.root().resolve("models/kjv-small/kjv-small-f16.gguf");

  @TempDir private Path folder;

  @Test
  void readsOurOwnModel() throws Exception {
    GgufHeader h = GgufHeader.read(MODEL);
    assertThat(h.contextLength()).isEqualTo(256);
    assertThat(h.layers()).isEqualTo(5);
    assertThat(h.embedding()).isEqualTo(128);
    assertThat(h.parameters()).isEqualTo(1_267_072);
    assertThat(h.megaflopsPerToken()).isEqualTo(3); // 2 · 1.267072, rounded up
    assertThat(h.megaflopsPerKiContext()).isEqualTo(3); // 4 · 1024 · 5 · 128 / 10⁶, rounded up
  }

  @Test
  void everyTruncationOfTheHeadIsRefused() throws Exception {
    byte[] head = Arrays.copyOf(Files.readAllBytes(MODEL), 2_000);
    for (int length = 0; length < head.length; length += 13) {
      Path cut = Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(head, length));
      assertThatThrownBy(() -> GgufHeader.read(cut)).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void mutationsAreReadOrRefusedAndNothingElse() throws Exception {
    byte[] head = Arrays.copyOf(Files.readAllBytes(MODEL), 60_000);
    Random random = new Random(5);
    for (int i = 0; i < 300; i++) {
      byte[] bad = head.clone();
      for (int k = 0; k < 4; k++) {
        bad[random.nextInt(i % 2 == 0 ? 200 : bad.length)] = (byte) random.nextInt(256);
      }
      Path file = Files.write(folder.resolve("bad.gguf"), bad);
      try {
        assertThat(GgufHeader.read(file).parameters()).isNotNegative();
      } catch (Malformed expected) {
        assertThat(expected.field()).startsWith("GGUF");
      }
    }
  }

  @Test
  void anotherFileIsNamedForWhatItIsNot() throws IOException {
    Path file = Files.writeString(folder.resolve("x.gguf"), "PK\3\4 this is a zip file, really");
    assertThatThrownBy(() -> GgufHeader.read(file)).hasMessageContaining("GGUF.magic");
  }
}
