package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.testkit.story.ToldLog;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C ends a verb, and the process's exit code is the verb's and not the signal's. */
@Timeout(120)
class StoppedVerbTest {
  @TempDir private Path folder;

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
      try (VerbProcess first = follow("first", honest);
          VerbProcess second = follow("second", lying)) {
        first.await("log of " + honest.published() + " entries");
        assertThat(first.interrupt(0).getLast()).endsWith("consistent");
        second.await("log of " + lying.published() + " entries");
        assertThat(second.interrupt(1).getLast()).endsWith("ALARMS above");
      }
    }
  }

  private VerbProcess follow(String name, ServedStory served) throws Exception {
    return VerbProcess.start(
        Map.of(),
        "audit",
        "--follow",
        served.uri().toString(),
        "--every",
        "3600",
        "--state",
        folder.resolve(name).toString(),
        "--approver-set",
        served.story.parties.approverSet().hex());
  }
}
