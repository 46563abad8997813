package dev.leasehold.testkit.platform;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The few things only a command of the system can do. */
final class Commands {
  private Commands() {}

  static void mkfifo(Path path) throws IOException {
    run(List.of("mkfifo", "-m", "600", path.toString()));
  }

  /** Sends a signal by name, such as {@code STOP}; a process that has ended is no error. */
  static void signal(String name, ProcessHandle process) throws IOException {
    if (process.isAlive()) {
      run(List.of("kill", "-" + name, Long.toString(process.pid())));
    }
  }

  private static void run(List<String> command) throws IOException {
    Process p = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var output = p.inputReader()) {
      String said = output.readLine();
      if (p.waitFor() != 0) {
        throw new IOException(command + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while running " + command, e);
    }
  }
}
