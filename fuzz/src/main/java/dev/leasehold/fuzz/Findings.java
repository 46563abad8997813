package dev.leasehold.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Inputs that once broke a target, kept in {@code fuzz/findings/TARGET/}. */
final class Findings {
  private Findings() {}

  static List<byte[]> of(Target target, Path root) throws IOException {
    Path folder = root.resolve("fuzz").resolve("findings").resolve(target.name());
    List<byte[]> out = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.sorted().toList()) {
          out.add(Files.readAllBytes(file));
        }
      }
    }
    return out;
  }
}
