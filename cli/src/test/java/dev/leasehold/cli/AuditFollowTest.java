package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.story.Actor;
import dev.leasehold.testkit.story.StoryTeller;
import dev.leasehold.testkit.story.ToldLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
  private final StoryTeller story = new StoryTeller().open();
  private final ToldLog log = new ToldLog(story.parties.logKey);
  private final Actor enclave = story.enrol();
  private HttpServer server;
  private int published;

  @BeforeEach
  void serve() throws IOException {
    publish();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/log/",
        x -> {
          String path = x.getRequestURI().toString().substring("/log/".length());
          byte[] body = log.fetch(path);
          x.sendResponseHeaders(200, body.length);
          x.getResponseBody().write(body);
          x.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void totalsGrowWithTheLogAndSurviveATornWrite() throws Exception {
    assertThat(follow().code()).isZero();
    story.beat(enclave, new Vec(1, 10, 1_234, 1_000));
    story.order(Order.Action.REVOKE, Target.ALL);
    publish();
    Files.write(state().resolve("entries"), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    Ran second = follow();
    assertThat(second.code()).as(second.out() + second.err()).isZero();
    assertThat(second.out())
        .startsWith("CONSISTENT: " + published + " statements")
        .contains("REVOKED")
        .contains("proven use  1234")
        .contains("borrower " + story.terms().borrowerId());
  }

  @Test
  void aLogCutBackIsProofAndTheContradictingNoteIsKept() throws Exception {
    assertThat(follow().code()).isZero();
    log.entries.removeLast();
    log.publish(story.parties.logKey);
    Ran cut = follow();
    assertThat(cut.code()).isEqualTo(1);
    assertThat(cut.out()).contains("PROOF AGAINST THE CUSTODIAN: log.consistency");
    try (Stream<Path> files = Files.list(state())) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .anyMatch(f -> f.startsWith("contradiction-"));
    }
  }

  @Test
  void noLogIsUnusable() {
    server.stop(0);
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
                "http://127.0.0.1:" + server.getAddress().getPort() + "/log",
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

  private void publish() {
    List<BundleLine> all = story.lines(Scope.LOG);
    log.publish(all.subList(published, all.size()));
    published = all.size();
  }
}
