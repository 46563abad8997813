package dev.leasehold.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program with an environment of exactly the given variables. */
final class Script {
  /** What a finished program left. */
  record Result(int exit, String out, String err) {}

  private Script() {}

  static Result run(Path logs, Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    File out = Files.createTempFile(logs, "out", "").toFile();
    File err = Files.createTempFile(logs, "err", "").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out)
            .redirectError(err);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(8, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new IOException(command + " did not end within eight minutes");
    }
    return new Result(
        process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
  }
}
