package dev.leasehold.custodian;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Small file systems that really fill up and really turn read-only. They are mounted in a namespace
 * that lives as long as this does, so that it takes no privilege and leaves nothing behind; only
 * processes that {@linkplain #enter enter} it see them.
 */
final class Volumes implements AutoCloseable {
  private static final String SIZE = "16m";

  private final Process holder;

  private Volumes(Process holder) {
    this.holder = holder;
  }

  /** Mounts one at each place. Where the kernel lets nobody do so, the test is skipped for that. */
  static Volumes mount(Path... places) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "for v; do mkdir -p \"$v\" && mount -t tmpfs -o size="
                    + SIZE
                    + " none \"$v\" || exit; done; echo ready; exec cat",
                "sh"));
    Arrays.stream(places).map(Path::toString).forEach(command::add);
    Process holder = new ProcessBuilder(command).redirectErrorStream(true).start();
    BufferedReader out = holder.inputReader(StandardCharsets.UTF_8);
    Optional<String> said = Optional.ofNullable(out.readLine());
    Assumptions.assumeTrue(
        said.equals(Optional.of("ready")),
        () -> "this kernel lets no user mount a tmpfs in a namespace: " + said.orElse("no reason"));
    return new Volumes(holder);
  }

  /** What a command begins with to see them. */
  List<String> enter() {
    return List.of(
        "nsenter",
        "--target",
        String.valueOf(holder.pid()),
        "--user",
        "--mount",
        "--preserve-credentials");
  }

  void copy(Path from, Path volume) {
    run("cp \"$1\" \"$2\"", from, volume);
  }

  /** Leaves no block free. */
  void fill(Path volume) {
    run("cat /dev/zero >\"$1/filler\" 2>&-; test -s \"$1/filler\"", volume);
  }

  void makeRoom(Path volume) {
    run("rm \"$1/filler\"", volume);
  }

  /** Nobody may have a file open in it for writing. */
  void readOnly(Path volume) {
    run("mount -o remount,ro \"$1\"", volume);
  }

  void writable(Path volume) {
    run("mount -o remount,rw \"$1\"", volume);
  }

  private void run(String script, Path... arguments) {
    List<String> command = new ArrayList<>(enter());
    command.addAll(List.of("sh", "-c", script, "sh"));
    Arrays.stream(arguments).map(Path::toString).forEach(command::add);
    Shell.succeed(command);
  }

  /** What was mounted goes with the last process that sees it. */
  @Override
  public void close() {
    holder.destroyForcibly();
  }
}
