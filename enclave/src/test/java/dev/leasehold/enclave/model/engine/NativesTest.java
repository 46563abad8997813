package dev.leasehold.enclave.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativesTest {
  @TempDir private Path folder;

  @Test
  void anExtraLibraryIsRefused() throws IOException {
    copyAll();
    Files.writeString(folder.resolve("libggml-cuda.so"), "x");
    assertThatThrownBy(() -> Natives.in(folder))
        .hasMessageContaining("expected no library but the pinned ones")
        .hasMessageContaining("libggml-cuda.so");
  }

  @Test
  void aChangedLibraryIsRefused() throws IOException {
    copyAll();
    Path library = folder.resolve("libggml-base.so");
    byte[] bytes = Files.readAllBytes(library);
    bytes[bytes.length / 2] ^= 1;
    Files.write(library, bytes);
    assertThatThrownBy(() -> Natives.in(folder))
        .hasMessageContaining("libggml-base.so: expected SHA-256");
  }

  @Test
  void aMissingLibraryIsRefused() throws IOException {
    copyAll();
    Files.delete(folder.resolve("libonnxruntime.so"));
    assertThatThrownBy(() -> Natives.in(folder))
        .hasMessageContaining("libonnxruntime.so")
        .hasMessageContaining("found no file");
  }

  /** ONNX Runtime 1.29.0 carries a telemetry client that is on by default and writes files. */
  @Tag("D27")
  @Test
  void noLibraryReportsHome() throws IOException {
    for (Path library : libraries()) {
      String content = Files.readString(library, StandardCharsets.ISO_8859_1);
      assertThat(content.contains("Microsoft12Applications6Events"))
          .as("%s contains a telemetry client", library)
          .isFalse();
    }
  }

  private void copyAll() throws IOException {
    for (Path library : libraries()) {
      Files.copy(library, folder.resolve(library.getFileName()));
    }
  }

  private static List<Path> libraries() throws IOException {
    try (Stream<Path> files = Files.list(Natives.fromSystemProperty().folder())) {
      return files.toList();
    }
  }
}
