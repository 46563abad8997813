package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.audit.Finding;
import dev.leasehold.core.audit.LogMonitor;
import dev.leasehold.core.audit.Rule;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.story.Actor;
import dev.leasehold.testkit.story.StoryTeller;
import dev.leasehold.testkit.story.ToldLog;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A monitor that goes on looking while the log grows, lies, goes away and comes back. */
@Tag("CF-06")
class FollowedLogTest {
  @TempDir private Path folder;
  private final ServedStory served = new ServedStory();
  private final StoryTeller story = served.story;
  private final Actor enclave = story.enrol();
  private final StringWriter said = new StringWriter();
  private final CompletableFuture<Boolean> consistent = new CompletableFuture<>();
  private Thread watch;
  private Following.Beside beside = report -> List.of();

  @BeforeEach
  void serve() throws Exception {
    served.publish();
    served.start();
  }

  @AfterEach
  void stop() {
    watch.interrupt();
    served.close();
  }

  @Test
  void entriesAppearAndTotalsRise() throws Exception {
    follow();
    awaitSaid("log of " + served.published() + " entries");
    awaitSaid("proven nothing");
    for (long used : new long[] {123, 234}) {
      story.beat(enclave, new Vec(1, 10, used, 1_000));
      served.publish();
      awaitSaid("log of " + served.published() + " entries");
      awaitSaid("proven " + used);
    }
    story.order(Order.Action.REVOKE, Target.ALL);
    story.end(enclave, new Vec(1, 10, 240, 1_000));
    served.publish();
    awaitSaid("SETTLED  proven 240");
    assertThat(ended()).as("nothing was found").isTrue();
    assertThat(said.toString())
        .doesNotContain("ALARM")
        .endsWith("ended at " + served.published() + " entries: consistent\n");
  }

  /** A rule, and what the log does to break it. */
  private static Stream<Arguments> lies() {
    return Stream.of(
        lie(
            Rule.LOG_ENTRY_FORM,
            (log, s) -> {
              String last = new String(log.entries.getLast().toArray(), StandardCharsets.UTF_8);
              log.entries.add(ToldLog.utf8(" " + last));
              log.publish(s.story.parties.logKey);
            }),
        lie(
            Rule.LOG_CONSISTENCY,
            (log, s) -> {
              log.entries.removeLast();
              s.story.incident("another view");
              s.publish();
            }),
        lie(
            Rule.LOG_GAP,
            (log, s) -> {
              s.story.order(Order.Action.SUSPEND, Target.ALL);
              s.publishBut(l -> l.statement().payloadType().equals(Statements.ORDER.payloadType()));
            }),
        lie(Rule.LOG_CHECKPOINT, (log, s) -> log.publish(s.story.parties.stranger)));
  }

  private static Arguments lie(Rule rule, BiConsumer<ToldLog, ServedStory> change) {
    return Arguments.of(rule, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lies")
  void anAlarmHasANameIsSaidOnceAndIsTheExitCode(Rule rule, BiConsumer<ToldLog, ServedStory> change)
      throws Exception {
    follow();
    awaitSaid("log of " + served.published() + " entries");
    served.tamper(log -> change.accept(log, served));
    awaitSaid("ALARM " + rule.code());
    awaitLooks(5);
    assertThat(ended()).isFalse();
    assertThat(said.toString().lines().filter(l -> l.startsWith("ALARM " + rule.code())))
        .as("once, however often it looks")
        .hasSize(1);
    assertThat(said.toString()).contains(rule.proof()).endsWith("ALARMS above\n");
  }

  @Test
  void afterAnAlarmItGoesOn() throws Exception {
    story.bends.bend(
        Grant.class, g -> g.seq() == 1, "log", (LogRef x) -> new LogRef(2, Parties.hash(9)));
    follow();
    story.beat(enclave, new Vec(1, 10, 123, 1_000));
    served.publish();
    awaitSaid("ALARM " + Rule.LOG_REFERENCE.code());
    story.beat(enclave, new Vec(1, 10, 234, 1_000));
    served.publish();
    awaitSaid("proven 234");
    assertThat(ended()).as("what was found once is not forgotten").isFalse();
  }

  @Test
  void aServerThatGoesAwayIsSaidOnceAndSoIsItsReturn() throws Exception {
    follow();
    awaitSaid("log of " + served.published() + " entries");
    served.close();
    awaitSaid("no look at the log");
    story.beat(enclave, new Vec(1, 10, 123, 1_000));
    served.publish();
    served.start();
    awaitSaid("the log is there again");
    awaitSaid("proven 123");
    assertThat(said.toString().lines().filter(l -> l.startsWith("no look"))).hasSizeLessThan(4);
    assertThat(ended()).as("being away is no lie").isTrue();
  }

  @Test
  void whatTheLogShowsIsSaidThoughTheTablesCannotBeSeen() throws Exception {
    Finding edited =
        new Finding(
            Rule.TABLES, Optional.empty(), Optional.<Id>empty(), "as logged", "edited", List.of());
    beside =
        report -> {
          if (served.looks.get() < 6) {
            throw new CliFailure("the token is too old");
          }
          return List.of(edited);
        };
    follow();
    awaitSaid("no look at the log: the token is too old; trying again");
    awaitSaid("log of " + served.published() + " entries");
    awaitSaid("ALARM " + Rule.TABLES.code());
    awaitLooks(3);
    assertThat(ended()).isFalse();
    assertThat(said.toString().lines().filter(l -> l.startsWith("ALARM"))).hasSize(1);
  }

  private void follow() throws Exception {
    FileMirror mirror = FileMirror.open(folder.resolve("monitor"));
    Following following =
        new Following(
            LogMonitor.open(
                new HttpLog(served.uri(), Optional.empty()),
                mirror,
                Optional.of(story.parties.approverSet())),
            beside,
            new PrintWriter(said));
    watch =
        Thread.ofPlatform()
            .start(() -> {
              try (mirror) {
                consistent.complete(following.untilInterrupted(Duration.ofMillis(5)));
              } catch (Exception | Error e) {
                consistent.completeExceptionally(e);
              }
            });
  }

  /** Ends it as a signal does. */
  private boolean ended() throws Exception {
    watch.interrupt();
    return consistent.get(20, TimeUnit.SECONDS);
  }

  private void awaitSaid(String words) {
    await(words).until(() -> consistent.isDone() || said.toString().contains(words));
    assertThat(said.toString()).contains(words);
  }

  private void awaitLooks(int more) {
    int before = served.looks.get();
    await().until(() -> served.looks.get() >= before + more);
  }
}
