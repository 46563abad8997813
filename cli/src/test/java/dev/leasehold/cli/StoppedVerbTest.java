package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.testkit.story.ToldLog;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C ends a verb, and the process's exit code is the verb's and not the signal's. */
@Timeout(120)
class StoppedVerbTest {
  @TempDir private Path folder;

  /** A process, and what it printed first. */
  private record Running(Process process, BufferedReader out) {}

  @Test
  void ctrlCEndsAMonitorWithWhatItFound() throws Exception {
    try (ServedStory honest = new ServedStory();
        ServedStory lying = new ServedStory()) {
      honest.publish();
      lying.publish();
      lying.tamper(log -> {
        log.entries.add(ToldLog.utf8("{}"));
        log.publish(lying.story.parties.logKey);
      });
      honest.start();
      lying.start();
      Running first = follow("first", honest);
      Running second = follow("second", lying);
      assertEnds(first, "log of " + honest.published() + " entries", 0, "consistent");
      assertEnds(second, "log of " + lying.published() + " entries", 1, "ALARMS above");
    }
  }

  private static void assertEnds(Running verb, String awaited, int code, String last)
      throws Exception {
    List<String> lines = new ArrayList<>();
    while (lines.isEmpty() || !lines.getLast().contains(awaited)) {
      lines.add(String.valueOf(verb.out.readLine()));
    }
    Process kill = new ProcessBuilder("kill", "-INT", String.valueOf(verb.process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    long asked = System.nanoTime();
    assertThat(verb.process.waitFor()).as("exit code after " + lines).isEqualTo(code);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - asked))
        .as("seconds: nothing is waited for in vain")
        .isLessThan(5);
    assertThat(verb.out.lines().toList().getLast()).endsWith(last);
  }

  private Running follow(String name, ServedStory served) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Leasehold.class.getName(),
                "audit",
                "--follow",
                served.uri().toString(),
                "--every",
                "3600",
                "--state",
                folder.resolve(name).toString(),
                "--approver-set",
                served.story.parties.approverSet().hex())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new Running(process, process.inputReader(StandardCharsets.UTF_8));
  }
}
