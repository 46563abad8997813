package dev.leasehold.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The command that starts the enclave program of a directory. Everything that is measured lies in
 * that directory; what is given here (ports, where to ask for a report) is configuration.
 *
 * @param tmp a fresh private directory in memory for {@code java.io.tmpdir}
 */
public record EnclaveLaunch(Path program, URI relay, String listen, Path tsm, Path tmp) {

  /** A launch with a fresh private directory on the machine's tmpfs. */
  public static EnclaveLaunch of(Path program, URI relay, String listen, Path tsm)
      throws CliFailure {
    Path absolute = program.toAbsolutePath();
    for (String needed : List.of("launch", "enclave-config.json")) {
      if (!Files.isRegularFile(absolute.resolve(needed))) {
        throw new CliFailure(
            program + " is not an enclave program directory",
            "a file " + needed + " in it",
            "none",
            "make one with 'leasehold enclave prepare --out " + program + "'");
      }
    }
    try {
      Path tmp =
          Files.createTempDirectory(
              Path.of("/dev/shm"),
              "leasehold-enclave-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return new EnclaveLaunch(absolute, relay, listen, tsm, tmp);
    } catch (IOException e) {
      throw new CliFailure(
          "No private directory in memory for the enclave",
          "a tmpfs at /dev/shm to make one in",
          String.valueOf(e.getMessage()),
          "mount a tmpfs there");
    }
  }

  /** Whenever and however this process ends, the enclave does too, and its directory goes. */
  public void endsWithUs(Process enclave) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .unstarted(() -> {
                  enclave.destroyForcibly().onExit().join();
                  removeTmp();
                }));
  }

  private void removeTmp() {
    try (Stream<Path> walk = Files.walk(tmp)) {
      for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("leasehold: " + tmp + " could not be removed: " + e.getMessage());
    }
  }

  /** The program and its arguments; its working directory is {@link #program}. */
  public List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Djava.io.tmpdir=" + tmp,
        "@launch",
        "--relay",
        relay.toString(),
        "--listen",
        listen,
        "--config",
        "enclave-config.json",
        "--tsm",
        tsm.toString());
  }
}
