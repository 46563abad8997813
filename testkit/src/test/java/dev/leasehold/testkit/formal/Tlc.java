package dev.leasehold.testkit.formal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tlc2.TLC;

/** Runs TLC in a process of its own: it keeps its state in static fields. */
final class Tlc {
  private static final Path MODULES =
      Path.of(System.getProperty("leasehold.root", ".."), "docs", "formal");
  private static final Pattern VIOLATED =
      Pattern.compile("(?:Invariant|Action property) (\\w+) is violated");
  private static final String SOUND = "No error has been found";

  private final Path folder;

  /** A runner whose files go to {@code folder}. */
  Tlc(Path folder) {
    this.folder = folder;
  }

  /** What TLC found: the name of a property that does not hold, {@code ""} for none. */
  String violated(TlaModule module, Map<String, String> constants, List<String> properties)
      throws IOException, InterruptedException {
    Path copy = Files.copy(MODULES.resolve(module.file()), folder.resolve(module.file()));
    Path config = folder.resolve("model.cfg");
    Files.writeString(config, module.configuration(constants, properties));
    String output = run(config, copy);
    Matcher m = VIOLATED.matcher(output);
    if (m.find()) {
      return m.group(1);
    }
    if (!output.contains(SOUND)) {
      throw new IllegalStateException("TLC neither checked nor refuted the model:\n" + output);
    }
    return "";
  }

  private String run(Path config, Path module) throws IOException, InterruptedException {
    Path output = folder.resolve("output.txt");
    Process tlc =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseParallelGC",
                    "-Xmx2g",
                    "-cp",
                    Path.of(TLC.class.getProtectionDomain().getCodeSource().getLocation().getPath())
                        .toString(),
                    "tlc2.TLC",
                    "-workers",
                    "2",
                    "-metadir",
                    folder.resolve("states").toString(),
                    "-config",
                    config.toString(),
                    module.toString()))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!tlc.waitFor(15, TimeUnit.MINUTES)) {
        throw new IllegalStateException("TLC has not ended after 15 minutes");
      }
    } finally {
      tlc.destroyForcibly();
    }
    return Files.readString(output);
  }
}
