package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The source tree that is being built. */
final class Repository {
  private Repository() {}

  static Path root() {
    return Path.of(
        Objects.requireNonNull(
            System.getProperty("leasehold.root"), "the build sets -Dleasehold.root"));
  }

  /** The files that git tracks. */
  static List<Path> files() throws IOException, InterruptedException {
    Process git = new ProcessBuilder("git", "ls-files", "-z").directory(root().toFile()).start();
    String listed = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String error = new String(git.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as("git ls-files: %s", error).isZero();
    return Stream.of(listed.split("\0")).map(root()::resolve).filter(Files::isRegularFile).toList();
  }
}
