package dev.leasehold.core.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Third-party files that are not part of this repository. */
public final class Shared {
  private Shared() {}

  /** Reads a file, or skips the test when the folder of third-party files is absent. */
  public static byte[] read(String name) throws IOException {
    Path folder = Path.of(System.getProperty("leasehold.shared", "../shared"));
    Assumptions.assumeTrue(
        Files.isDirectory(folder), "no third-party files: set -Dleasehold.shared=FOLDER");
    return Files.readAllBytes(folder.resolve(name));
  }
}
