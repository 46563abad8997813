package dev.leasehold.borrower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leasehold.borrower.books.Alarm;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.InclusionProof;
import dev.leasehold.testkit.log.MemoryLog;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.story.Bends;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CF-06 as the borrower sees it: a grant that is not logged, a log that is cut or rewritten. */
@Tag("CF-06")
class CF06LogWatchTest {
  private static final Pattern RANGE = Pattern.compile("from=([0-9]+)&to=([0-9]+)");

  @TempDir Path folder;
  private RelayFixture f;
  private volatile MemoryLog log;
  private Hash previous;
  private Signed<Grant> grant;
  private long seq;

  @BeforeEach
  void open() throws Exception {
    f = new RelayFixture(folder);
    grant = f.exchange.sign(f.exchange.grantZero());
    previous = f.exchange.evidence().hash();
    log = log(f.parties.logKey).add("roster").add("lease").add(grant.envelope());
    f.custodian.script("proof", this::proof);
    f.enclave.enrol();
    awaitSize(3);
  }

  @AfterEach
  void close() throws Exception {
    f.close();
  }

  @Test
  void everyGrantIsFoundAndEveryCheckpointExtendsTheLast() throws Exception {
    for (int i = 1; i <= 5; i++) {
      beat();
      log.add(grant.envelope()).add("more");
      awaitSize(3 + 2L * i);
    }
    assertThat(f.relay.statement().alarms()).isEmpty();
    assertThat(f.custodian.requests("proof").stream().filter(r -> r.query().contains("from=")))
        .hasSize(5);
    f.relay.close();
    int asked = f.custodian.requests("proof").size();
    f.start();
    assertThat(f.relay.statement().log().size()).as("remembered").isEqualTo(13);
    assertThat(f.custodian.requests("proof")).as("nothing is asked twice").hasSize(asked);
  }

  @Test
  void aGrantThatIsNotLoggedInTimeRaisesAnAlarm() throws Exception {
    beat();
    awaitAsked(grant);
    assertThat(f.relay.statement().alarms()).as("not yet due").isEmpty();
    f.ahead = Duration.ofMillis(10_001 + grant.body().heartbeatMs());
    assertAlarm("log.inclusion", "grant " + grant.hash());
  }

  @Test
  void aLogThatWasRewrittenRaisesAnAlarm() throws Exception {
    beat();
    log =
        log(f.parties.logKey)
            .add("another roster")
            .add("lease")
            .add("grant 0")
            .add(grant.envelope());
    assertAlarm("consistency.oldRoot", f.relay.statement().log().root().hex());
    assertThat(f.relay.statement().log().size()).as("the first one seen counts").isEqualTo(3);
  }

  @Test
  void aLogThatWasCutRaisesAnAlarm() throws Exception {
    beat();
    log = log(f.parties.logKey).add(grant.envelope());
    assertAlarm("log.consistency", "checkpoint 3 extends checkpoint 1");
  }

  @Test
  void twoLogsOfOneSizeRaiseAnAlarm() throws Exception {
    beat();
    log = log(f.parties.logKey).add("x").add("y").add(grant.envelope());
    assertAlarm("log.fork", f.relay.statement().log().root().hex());
  }

  @Test
  void aProofUnderAnotherKeyRaisesAnAlarm() throws Exception {
    beat();
    log = log(f.parties.stranger).add("x").add("y").add("z").add(grant.envelope());
    assertAlarm("note.signature", "custodian.example/log");
  }

  @Test
  void aGrantThatNamesAnotherRootForAKnownSizeRaisesAnAlarm() throws Exception {
    f.custodian.script(
        "heartbeat",
        r ->
            f.custodian.granted(
                Bends.with(f.custodian.next(r), Map.of("log", new LogRef(3, grant.hash())))));
    beat();
    assertAlarm("grant.log.root", f.relay.statement().log().root().hex());
  }

  private static MemoryLog log(Ed25519Signer key) {
    return new MemoryLog(Parties.LOG_ORIGIN, key);
  }

  private FakeCustodian.Reply proof(FakeCustodian.Request request) {
    Matcher range = RANGE.matcher(request.query());
    return range.matches()
        ? reply(
            ConsistencyProof.class,
            log.consistency(Long.parseLong(range.group(1)), Long.parseLong(range.group(2))))
        : reply(
            InclusionProof.class,
            log.inclusion(new Hash(request.query().substring("hash=".length()))));
  }

  private static <B extends Record> FakeCustodian.Reply reply(Class<B> type, Optional<B> proof) {
    return proof
        .map(p -> FakeCustodian.Reply.bundle(200, Bundle.write(type, p)))
        .orElseGet(() -> FakeCustodian.Reply.text(404, ""));
  }

  private void beat() throws Exception {
    Signed<Heartbeat> hb =
        f.exchange.heartbeat(++seq, previous, grant.hash(), new Vec(seq, 0, 0, 0));
    assertThat(f.enclave.post("heartbeat", FakeEnclave.post(hb, grant)).statusCode())
        .isEqualTo(200);
    previous = hb.hash();
    grant = f.custodian.lastGrant;
  }

  private void awaitSize(long size) {
    await().atMost(Duration.ofSeconds(10)).until(() -> f.relay.statement().log().size() == size);
  }

  private void awaitAsked(Signed<Grant> g) {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            f.custodian.requests("proof").stream()
                .anyMatch(r -> r.query().equals("hash=" + g.hash())));
  }

  private void assertAlarm(String what, String expected) {
    await().atMost(Duration.ofSeconds(10)).until(() -> !f.relay.statement().alarms().isEmpty());
    List<Alarm> alarms = f.relay.statement().alarms();
    assertThat(alarms).hasSize(1);
    assertThat(alarms.getFirst().what()).startsWith(what);
    assertThat(alarms.getFirst().expected()).contains(expected);
  }
}
