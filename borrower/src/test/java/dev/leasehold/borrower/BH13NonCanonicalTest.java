package dev.leasehold.borrower;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.borrower.books.Alarm;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Parties;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BH-13: whatever could carry more than its fields stays at home, and the borrower is told. */
@Tag("BH-13")
class BH13NonCanonicalTest {
  @TempDir Path folder;
  private RelayFixture f;

  @BeforeEach
  void open() throws Exception {
    f = new RelayFixture(folder);
    f.enclave.enrol();
  }

  @AfterEach
  void close() throws Exception {
    f.close();
  }

  @Test
  void payloadGamesOfAHeartbeat() throws Exception {
    refusedPayload("\"pad\":\"0", "\"pad\":\"7", "heartbeat");
    refusedPayload("{\"v\":1,\"leaseId\"", "{ \"v\":1,\"leaseId\"", "heartbeat");
    refusedPayload("\"finished\":0,\"aborted\":0", "\"aborted\":0,\"finished\":0", "heartbeat");
    refusedPayload("\"mode\":\"RUN\"", "\"mode\":\"\\u0052UN\"", "heartbeat");
  }

  @Test
  void bundleAndEnvelopeGames() throws Exception {
    String good = new String(f.enclave.firstPost(), UTF_8);
    refused("heartbeat", good.replaceFirst("\\{\"heartbeat\":", "{ \"heartbeat\":"));
    refused("heartbeat", good + " ");
    refused("heartbeat", good.replace("\"payloadType\"", "\"payloadTyp\\u0065\""));
    refused("heartbeat", good.replaceFirst("\\{", "{\"note\":\"x\","));
  }

  @Test
  void signaturesAreByTheEnclaveAndTheCustodianAndNothingElse() throws Exception {
    Signed<Heartbeat> hb = f.enclave.firstHeartbeat();
    Signed<Grant> grantZero = f.exchange.sign(f.exchange.grantZero());
    Signed<Heartbeat> foreign = Dsse.sign(Statements.HEARTBEAT, hb.body(), f.parties.stranger);
    refused("heartbeat", text(FakeEnclave.post(foreign, grantZero)));
    Signed<Grant> notTheCustodians =
        Dsse.sign(Statements.GRANT, grantZero.body(), f.parties.stranger);
    refused("heartbeat", text(FakeEnclave.post(hb, notTheCustodians)));
  }

  @Test
  void aFinalIsHeldToTheSameRule() throws Exception {
    String good = text(f.enclave.finalPost());
    refused("final", good.replaceFirst(",\"unanswered\"", ", \"unanswered\""));
    assertThat(f.custodian.requests("final")).isEmpty();
    assertThat(f.enclave.post("final", good.getBytes(UTF_8)).statusCode()).isEqualTo(200);
  }

  @Test
  void theCanonicalOneStillPassesAfterwards() throws Exception {
    refused("heartbeat", text(f.enclave.firstPost()) + "\n");
    assertThat(f.enclave.post("heartbeat", f.enclave.firstPost()).statusCode()).isEqualTo(200);
  }

  @Test
  void theAlarmIsStillThereAfterARestart() throws Exception {
    refused("heartbeat", text(f.enclave.firstPost()) + "\n");
    List<Alarm> alarms = f.relay.statement().alarms();
    f.relay.close();
    f.start();
    assertThat(f.relay.statement().alarms()).isEqualTo(alarms);
  }

  private void refusedPayload(String from, String to, String what) throws Exception {
    Signed<Heartbeat> good = f.enclave.firstHeartbeat();
    String payload = text(good.envelope().payload().toArray());
    assertThat(payload).contains(from);
    String bent = payload.replace(from, to);
    bent = bent.substring(0, bent.length() - 2);
    bent = bent.substring(0, Math.min(bent.length(), 1_022));
    Envelope envelope =
        new Envelope(
            good.envelope().payloadType(),
            Bytes.of((bent + "\"}").getBytes(UTF_8)),
            good.envelope().signatures());
    Signed<Grant> grantZero = f.exchange.sign(f.exchange.grantZero());
    String post =
        text(FakeEnclave.post(good, grantZero)).replace(good.envelope().write(), envelope.write());
    refused("heartbeat", post);
    assertThat(f.relay.statement().alarms().getLast().what()).startsWith(what);
  }

  private void refused(String endpoint, String body) throws Exception {
    int alarms = f.relay.statement().alarms().size();
    assertThat(f.enclave.post(endpoint, body.getBytes(UTF_8)).statusCode()).isEqualTo(400);
    assertThat(f.custodian.requests(endpoint)).isEmpty();
    assertThat(f.relay.statement().alarms()).hasSize(alarms + 1);
    assertThat(f.relay.statement().proven()).isEqualTo(Vec.ZERO);
    assertThat(f.relay.statement().alarms().getLast().instance()).contains(Parties.INSTANCE_ID);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
