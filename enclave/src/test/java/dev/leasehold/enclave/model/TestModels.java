package dev.leasehold.enclave.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leasehold.enclave.model.engine.ModelMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;

/** The third-party models that tests run on. */
public final class TestModels {
  private TestModels() {}

  /** 260 000 parameters, writes simple English stories. */
  public static ModelMemory stories() {
    return load("models/stories260K/stories260K-f32.gguf");
  }

  /** Classifies 28x28 digits. */
  public static ModelMemory digits() {
    return load("models/mnist-mlp/mnist-mlp.onnx");
  }

  public static byte[] read(String path) {
    Path file = Path.of(System.getProperty("leasehold.shared", "/nonexistent"), path);
    assumeTrue(Files.exists(file), "no " + path + " under -Dleasehold.shared");
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ModelMemory load(String path) {
    return ModelMemory.copyOf(MemorySegment.ofArray(read(path)));
  }
}
