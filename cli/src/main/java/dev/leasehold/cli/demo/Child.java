package dev.leasehold.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Another {@code leasehold} process, started with this one's Java and class path. */
final class Child implements AutoCloseable {
  private static final long STEP_MILLIS = 20;

  private final String name;
  private final Process process;
  private final Path log;

  private Child(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /** Starts a verb; what it prints goes to {@code log}. */
  static Child start(String name, Path log, List<String> args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xmx256m");
    command.add("--enable-native-access=ALL-UNNAMED");
    for (String property : List.of("leasehold.program", "leasehold.dist")) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-D" + property + "=" + value);
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add("dev.leasehold.cli.Leasehold");
    command.addAll(args);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Child(name, process, log);
  }

  /** Waits for a line of its output, at most the given time. */
  String awaitLine(Predicate<String> wanted, int seconds)
      throws IOException, InterruptedException, ClaimFailed {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() - deadline < 0) {
      Optional<String> line = lines().stream().filter(wanted).findFirst();
      if (line.isPresent()) {
        return line.get();
      }
      if (!process.isAlive()) {
        break;
      }
      TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
    }
    throw new ClaimFailed(
        name
            + (process.isAlive() ? " said nothing of it in " + seconds + " s" : " has ended")
            + "; its last words in "
            + log
            + ":\n"
            + tail());
  }

  List<String> lines() throws IOException {
    return Files.readAllLines(log);
  }

  boolean awaitExit(int seconds) throws InterruptedException {
    return process.waitFor(seconds, TimeUnit.SECONDS);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() {
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private String tail() throws IOException {
    List<String> all = lines();
    return String.join("\n", all.subList(Math.max(0, all.size() - 12), all.size()));
  }
}
