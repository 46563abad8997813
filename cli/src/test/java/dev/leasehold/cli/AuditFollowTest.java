package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.story.Actor;
import dev.leasehold.testkit.story.StoryTeller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log over HTTP, followed into a folder that outlives the monitor. */
@Tag("CF-06")
class AuditFollowTest {
  @TempDir private Path folder;
  private final ServedStory served = new ServedStory();
  private final StoryTeller story = served.story;
  private final Actor enclave = story.enrol();

  @BeforeEach
  void serve() throws IOException {
    served.publish();
    served.start();
  }

  @AfterEach
  void stop() {
    served.close();
  }

  @Test
  void totalsGrowWithTheLogAndSurviveATornWrite() throws Exception {
    assertThat(follow().code()).isZero();
    story.beat(enclave, new Vec(1, 10, 1_234, 1_000));
    story.order(Order.Action.REVOKE, Target.ALL);
    served.publish();
    Files.write(state().resolve("entries"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    Ran second = follow();
    assertThat(second.code()).as(second.out() + second.err()).isZero();
    assertThat(second.out())
        .startsWith("CONSISTENT: " + served.published() + " statements")
        .contains("REVOKED")
        .contains("proven use  1234")
        .contains("borrower " + story.terms().borrowerId());
  }

  @Test
  void aLogCutBackIsProofAndTheContradictingNoteIsKept() throws Exception {
    assertThat(follow().code()).isZero();
    served.tamper(log -> {
      log.entries.removeLast();
      log.publish(story.parties.logKey);
    });
    Ran cut = follow();
    assertThat(cut.code()).isEqualTo(1);
    assertThat(cut.out()).contains("PROOF AGAINST THE CUSTODIAN: log.consistency");
    try (Stream<Path> files = Files.list(state())) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .anyMatch(f -> f.startsWith("contradiction-"));
    }
  }

  @Test
  void aLogProvesNoWordOfAnEnclaveAndSaysWhereThatIs() throws Exception {
    story.order(Order.Action.REVOKE, Target.ALL);
    story.end(enclave, new Vec(1, 10, 120, 1_000));
    served.publish();
    Ran over = follow();
    assertThat(over.code()).as(over.out() + over.err()).isZero();
    assertThat(over.out())
        .contains("by the custodian's word signed by the enclave's key")
        .contains("What it cannot prove:\n  that an enclave reported this use")
        .contains("leasehold proof check")
        .doesNotContain("the enclaves' signatures");
  }

  @Test
  void noLogIsUnusable() {
    served.close();
    Ran ran = follow();
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("No look at the log");
  }

  @Test
  void aPauseThatIsNoneIsRefused() {
    Ran ran = follow("--every", "0");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--every", "at least 1 second");
  }

  private Ran follow() {
    return follow("--once");
  }

  private Ran follow(String... how) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "audit",
                "--follow",
                served.uri().toString(),
                "--state",
                state().toString(),
                "--approver-set",
                story.parties.approverSet().hex()));
    args.addAll(List.of(how));
    return Ran.verb(args);
  }

  private Path state() {
    return folder.resolve("monitor");
  }
}
