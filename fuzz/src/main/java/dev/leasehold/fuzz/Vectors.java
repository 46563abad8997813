package dev.leasehold.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The vectors of {@code leasehold.shared}, where they are; the targets do without where not. */
final class Vectors {
  private static final Path FOLDER =
      Path.of(System.getProperty("leasehold.shared", "absent"), "vectors");

  private Vectors() {}

  static boolean present() {
    return Files.isDirectory(FOLDER);
  }

  static byte[] read(String name) throws IOException {
    return Files.readAllBytes(FOLDER.resolve(name));
  }

  static String text(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name));
  }

  /** Every file of a kind whose name ends in one of these, in the order of their names. */
  static List<byte[]> all(String kind, String... endings) throws IOException {
    List<byte[]> out = new ArrayList<>();
    if (present()) {
      try (Stream<Path> files = Files.list(FOLDER.resolve(kind))) {
        for (Path file : files.sorted().toList()) {
          if (Arrays.stream(endings).anyMatch(file.toString()::endsWith)) {
            out.add(Files.readAllBytes(file));
          }
        }
      }
    }
    return out;
  }
}
