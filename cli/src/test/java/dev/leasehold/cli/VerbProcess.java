package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A verb that runs until it is stopped, in a process of its own. */
final class VerbProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private VerbProcess(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  static VerbProcess start(Map<String, String> environment, String... verb) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                // Whoever runs the tests in the background may have shut its children's ears.
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Leasehold.class.getName()));
    command.addAll(List.of(verb));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new VerbProcess(builder.start());
  }

  /** Reads on until a line holds these words; returns that line. */
  String await(String words) throws IOException {
    List<String> lines = new ArrayList<>();
    while (lines.isEmpty() || !lines.getLast().contains(words)) {
      String line = out.readLine();
      assertThat(line).as("%s after %s", words, lines).isNotNull();
      lines.add(line);
    }
    return lines.getLast();
  }

  /** Ctrl-C; returns what it said then. It must end with this code. */
  List<String> interrupt(int code) throws Exception {
    Process kill = new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("ends soon after Ctrl-C").isTrue();
    List<String> last = out.lines().toList();
    assertThat(process.exitValue()).as("exit code after " + last).isEqualTo(code);
    return last;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
