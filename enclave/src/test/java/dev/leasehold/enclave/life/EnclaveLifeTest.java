package dev.leasehold.enclave.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.ScriptedRelay;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From the first challenge to the closure, with a real sealed model (protocol §6, §9.4). */
@Timeout(120)
final class EnclaveLifeTest {
  @TempDir private Path home;

  @Tag("D11")
  @Test
  void enrolsLoadsServesAndEndsWhenTheBorrowerSaysSo() throws Exception {
    try (RunningEnclave enclave = start(relay -> {})) {
      int port = enclave.awaitPort();
      RunningEnclave.patiently().until(() -> enclave.relay.heartbeats.size() >= 3);
      assertThat(enclave.relay.heartbeats.getFirst().body().prev())
          .isEqualTo(keyConfigAndEvidence(enclave, port).evidence().evidence().hash());

      assertThat(post(port, "/local/drain").statusCode()).isBetween(200, 299);

      assertThat(enclave.awaitEnd()).isEqualTo(Enclave.Ending.FINISHED);
      Final last = enclave.relay.lastWord().body();
      assertThat(last.reason()).isEqualTo(Final.Reason.BORROWER);
      assertThat(last.used()).isEqualTo(Vec.ZERO);
      assertThat(enclave.said(Event.WIPED)).isTrue();
      assertThat(enclave.said(Event.CLOSED)).isTrue();
    }
  }

  @Test
  void aRevokePushedStopsAtOnce() throws Exception {
    try (RunningEnclave enclave = start(relay -> {})) {
      enclave.await(Event.LISTENING);
      enclave.relay.push(enclave.custodian.command(Command.Type.REVOKE, 1));
      assertThat(enclave.awaitEnd()).isEqualTo(Enclave.Ending.FINISHED);
      assertThat(enclave.relay.lastWord().body().reason()).isEqualTo(Final.Reason.REVOKED);
    }
  }

  @Tag("OS-03")
  @Test
  void aStopGrantStopsWhenPushesAreBlocked() throws Exception {
    try (RunningEnclave enclave = start(relay -> {})) {
      enclave.await(Event.LISTENING);
      enclave.relay.grantMode = Mode.STOP;
      enclave.awaitEnd();
      assertThat(enclave.relay.lastWord().body().reason()).isEqualTo(Final.Reason.REVOKED);
    }
  }

  @Tag("TI-06")
  @Tag("D12")
  @Test
  void silenceEndsInAFinalThatCarriesTheUnansweredHeartbeat() throws Exception {
    try (RunningEnclave enclave = start(relay -> relay.silent = true)) {
      enclave.awaitEnd();
      Final last = enclave.relay.lastWord().body();
      assertThat(last.reason()).isEqualTo(Final.Reason.DEADMAN);
      assertThat(last.seq()).isEqualTo(2);
      assertThat(enclave.relay.heartbeats).as("one, resent").hasSize(1);
      assertThat(enclave.relay.finals.getLast().unanswered())
          .contains(enclave.relay.heartbeats.getFirst().envelope());
    }
  }

  @Test
  void aRecallIsAnsweredWithNewEvidenceOfTheSameKeys() throws Exception {
    try (RunningEnclave enclave = start(relay -> {})) {
      enclave.await(Event.LISTENING);
      enclave.custodian.epoch = 2;
      enclave.relay.push(enclave.custodian.command(Command.Type.RECALL, 1));
      enclave.await(Event.REATTESTED);
      RunningEnclave.patiently()
          .until(() -> enclave.relay.heartbeats.stream().anyMatch(h -> h.body().epoch() == 2));
    }
  }

  @Test
  void aRefusedReattestationEndsRecalled() throws Exception {
    try (RunningEnclave enclave = start(relay -> {})) {
      enclave.await(Event.LISTENING);
      enclave.relay.refuseEvidence = 403;
      enclave.custodian.epoch = 2;
      enclave.awaitEnd();
      assertThat(enclave.relay.lastWord().body().reason()).isEqualTo(Final.Reason.RECALLED);
    }
  }

  @Tag("AR-20")
  @Test
  void aRecallThatLandsWhileItEnrolsCostsAnotherChallenge() throws Exception {
    try (RunningEnclave enclave = start(relay -> relay.recallsBeforeEvidence = 2)) {
      enclave.await(Event.LISTENING);
      assertThat(enclave.relay.attempts).as("each a hello of its own").hasSize(3);
      RunningEnclave.patiently().until(() -> !enclave.relay.heartbeats.isEmpty());
      assertThat(enclave.relay.heartbeats.getFirst().body().epoch()).isEqualTo(3);
    }
  }

  @Tag("AR-20")
  @Test
  void aLeaseThatIsRecalledOverAndOverIsGivenUp() throws Exception {
    try (RunningEnclave enclave = start(relay -> relay.recallsBeforeEvidence = 100)) {
      assertThat(enclave.awaitEnd()).isEqualTo(Enclave.Ending.NOT_ENROLLED);
      assertThat(enclave.await(Event.ENROLMENT_REFUSED)).isEqualTo("412");
      assertThat(enclave.relay.attempts).hasSize(3);
      assertThat(enclave.relay.finals).as("nothing was granted").isEmpty();
    }
  }

  @Test
  void anEnrolmentRefusedForGoodSignsNoFinal() throws Exception {
    try (RunningEnclave enclave = start(relay -> relay.refuseEvidence = 403)) {
      assertThat(enclave.awaitEnd()).isEqualTo(Enclave.Ending.NOT_ENROLLED);
      assertThat(enclave.await(Event.ENROLMENT_REFUSED)).isEqualTo("403");
      assertThat(enclave.relay.finals).isEmpty();
    }
  }

  @Test
  void aLeaseThatEndedMeanwhileIsToldSoByAFinal() throws Exception {
    try (RunningEnclave enclave = start(relay -> relay.lostEvidenceReplies = 1)) {
      RunningEnclave.patiently().until(() -> enclave.relay.lostEvidenceReplies == 0);
      enclave.relay.refuseEvidence = 423; // revoked after the reply was lost
      assertThat(enclave.awaitEnd()).isEqualTo(Enclave.Ending.FINISHED);
      Final last = enclave.relay.lastWord().body();
      assertThat(last.ack()).isEqualTo(last.prev());
      assertThat(enclave.relay.finals.getLast().lastGrant()).isEmpty();
      assertThat(enclave.said(Event.ENROLLED)).isFalse();
    }
  }

  @Test
  void aLostEnrolmentReplyIsAskedForAgainWithTheSameEvidence() throws Exception {
    try (RunningEnclave enclave = start(relay -> relay.lostEvidenceReplies = 2)) {
      enclave.await(Event.ENROLLED);
      assertThat(enclave.relay.received.stream().filter(r -> r.contains("/evidence ")).distinct())
          .hasSize(1);
    }
  }

  @Test
  void aChangedPackageIsNeverServed() throws Exception {
    try (RunningEnclave enclave = start(relay -> relay.corruptChunks = true)) {
      enclave.awaitEnd();
      assertThat(enclave.said(Event.LISTENING)).isFalse();
      assertThat(enclave.relay.lastWord().body().reason()).isEqualTo(Final.Reason.LOAD_FAILED);
    }
  }

  @Tag("AR-19")
  @Test
  void aKeyThatIsNotThePackagesIsRefused() throws Exception {
    try (RunningEnclave enclave = start(relay -> relay.wrongDek = true)) {
      enclave.awaitEnd();
      assertThat(enclave.relay.lastWord().body().reason()).isEqualTo(Final.Reason.LOAD_FAILED);
      assertThat(enclave.relay.everythingReceived()).doesNotContain("/v1/package/chunks/");
    }
  }

  @Test
  void aStartSignedByStrangersIsRefused() throws Exception {
    try (RunningEnclave enclave =
        start(relay -> relay.custodian.gk = relay.custodian.people.operator)) {
      assertThat(enclave.awaitEnd()).isEqualTo(Enclave.Ending.NOT_ENROLLED);
      assertThat(enclave.said(Event.START_REFUSED)).isTrue();
    }
  }

  private RunningEnclave start(Consumer<ScriptedRelay> script) throws Exception {
    return new RunningEnclave(home, EnclaveLifeTest::fast, script);
  }

  /** Heartbeats often enough for a test, and a dead-man that does not wait long. */
  private static void fast(Approvers.LeaseDraft terms) {
    terms.heartbeatMs = 400;
    terms.ttlMs = 1_500;
    terms.graceMs = 1_500;
  }

  private static Bundles.WellKnown keyConfigAndEvidence(RunningEnclave enclave, int port)
      throws Exception {
    HttpResponse<byte[]> response =
        client().send(request(port, "/.well-known/leasehold").build(), BodyHandlers.ofByteArray());
    Bundles.WellKnown known =
        Bundle.parse(Bundles.WellKnown.class, response.body(), Bundles.MAX_EVIDENCE_BYTES);
    KeyConfig config =
        Dsse.open(Statements.KEY_CONFIG, known.keyconfig(), enclave.relay.ik()).body();
    assertThat(config.frameBytes()).isEqualTo(4096);
    return known;
  }

  private static HttpResponse<String> post(int port, String path) throws Exception {
    return client()
        .send(
            request(port, path).POST(HttpRequest.BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
  }

  private static HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static HttpClient client() {
    return HttpClient.newHttpClient();
  }
}
