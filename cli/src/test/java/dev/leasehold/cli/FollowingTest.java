package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.audit.LogMonitor;
import dev.leasehold.core.audit.LogSource;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.testkit.story.Actor;
import dev.leasehold.testkit.story.MemoryMirror;
import dev.leasehold.testkit.story.StoryTeller;
import dev.leasehold.testkit.story.ToldLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What somebody sees who leaves a monitor running. */
@Tag("CF-06")
class FollowingTest {
  private static final Duration NO_TIME = Duration.ofMillis(1);

  private final StoryTeller story = new StoryTeller();
  private final ToldLog log = new ToldLog(story.parties.logKey);
  private final StringWriter said = new StringWriter();

  @Test
  void oneWrongInTheSameWayAsAnotherIsAnAlarmOfItsOwnAndEachIsSaidOnce() throws Exception {
    story.bends.bend(Grant.class, g -> true, "ttlMs", (Long ttl) -> ttl + 1);
    story.open();
    Actor one = story.enrol();
    Actor other = story.enrol();
    log.publish(story.lines(Scope.LOG));

    assertThat(follow(3)).isFalse();
    List<String> alarms = said.toString().lines().filter(l -> l.startsWith("ALARM")).toList();
    assertThat(alarms).hasSize(2).allMatch(l -> l.contains("grant.ttl"));
    assertThat(said.toString())
        .containsOnlyOnce("instance " + one.id)
        .containsOnlyOnce("instance " + other.id);
  }

  @Test
  void aServerThatIsAwayIsSaidAndAskedAgain() throws Exception {
    story.open();
    log.publish(story.lines(Scope.LOG));
    boolean[] away = {true};
    LogSource flaky =
        path -> {
          if (away[0]) {
            away[0] = false;
            throw new IOException("away");
          }
          return log.fetch(path);
        };
    assertThat(follow(flaky, 2)).isTrue();
    assertThat(said.toString()).containsSubsequence("no look at the log: away", "log of");
  }

  private boolean follow(int looks) throws Exception {
    return follow(log, looks);
  }

  /** Interrupts its own thread at the last of these looks, as a shutdown does. */
  private boolean follow(LogSource source, int looks) throws Exception {
    int[] left = {looks};
    LogSource counted =
        path -> {
          if (path.equals("checkpoint") && --left[0] == 0) {
            Thread.currentThread().interrupt();
          }
          return source.fetch(path);
        };
    LogMonitor monitor =
        LogMonitor.open(counted, new MemoryMirror(), Optional.of(story.parties.approverSet()));
    try {
      return new Following(monitor, report -> List.of(), new PrintWriter(said))
          .untilInterrupted(NO_TIME);
    } finally {
      Thread.interrupted();
    }
  }
}
