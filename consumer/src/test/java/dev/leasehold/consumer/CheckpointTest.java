package dev.leasehold.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.testkit.log.MemoryLog;
import dev.leasehold.testkit.party.Parties;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The custodian's log as a consumer sees it: it is the log's, and it only grows (§11.1 (6)). */
@Timeout(120)
@DisplayName("CF-06 a log with two histories, at the consumer")
class CheckpointTest {
  @TempDir Path folder;
  private ProxyFixture f;

  @BeforeEach
  void start() throws Exception {
    f = new ProxyFixture(folder);
    f.relay.log.add("roster").add("lease").add("grant 0");
  }

  @AfterEach
  void stop() {
    f.close();
  }

  @Test
  void noCheckpointIsBelievedUntilOneWasSeen() throws Exception {
    answered("");
    answered("");
    answered(f.relay.log.note());
    refused("", "note");
  }

  @Test
  void aLogThatGrowsIsBelieved() throws Exception {
    String first = f.relay.log.note();
    answered(first);
    answered(f.relay.log.add("grant 1").note());
    for (int i = 0; i < 300; i++) {
      f.relay.log.add("entry " + i);
    }
    answered(f.relay.log.note());
    answered(first);
    answered(f.relay.log.note());
  }

  @Test
  void aRewrittenLogIsRefusedAndTheFirstHistoryStays() throws Exception {
    MemoryLog honest = f.relay.log;
    answered(honest.note());
    MemoryLog forged = log(f.relay.enclave.parties.logKey);
    forged.add("roster").add("lease").add("another grant 0");
    refused(forged.note(), "root");
    f.relay.log = forged.add("grant 1");
    refused(forged.note(), "consistency.oldRoot");
    f.relay.log = honest.add("grant 1");
    answered(honest.note());
  }

  @Test
  void aLogThatCannotShowItGrewIsRefused() throws Exception {
    answered(f.relay.log.note());
    String newer = f.relay.log.add("grant 1").note();
    f.relay.log = log(f.relay.enclave.parties.logKey);
    show(newer);
    assertThat(f.chat().statusCode()).isNotEqualTo(200);
  }

  @Test
  void onlyTheLogOfTheRosterCounts() throws Exception {
    refused(log(f.relay.enclave.parties.stranger).add("x").note(), "note.signature");
    refused("no note at all", "note");
  }

  @Test
  void theStapleTellsTheSameStory() throws Exception {
    Checkpoint shown = f.relay.log.checkpoint();
    f.relay.enclave.bendStaple = Bend.field("log", new LogRef(shown.size(), Parties.hash(9)));
    refused(f.relay.log.note(), "staple.log.root");
    f.relay.enclave.bendStaple = Bend.field("log", new LogRef(shown.size(), shown.root()));
    answered(f.relay.log.note());
  }

  @Test
  void aLogCutBackWhileNoProxyRanIsRefused() throws Exception {
    String early = f.relay.log.note();
    MemoryLog honest = f.relay.log;
    honest.add("revoke");
    answered(honest.note());
    MemoryLog cut = log(f.relay.enclave.parties.logKey);
    f.relay.log = cut.add("roster").add("lease").add("grant 0").add("grant 1").add("grant 2");
    f.restart();
    refused(cut.note(), "consistency.newRoot");
    refused("", "note");
    f.relay.log = honest;
    answered(early);
    answered(honest.add("closure").note());
    assertThat(Files.readString(f.receipts.resolve("checkpoint")))
        .as("the note itself, to be shown")
        .isEqualTo(honest.note());
  }

  @Test
  void aSpoiltMemoryIsNotTakenForAnAttack() throws Exception {
    answered(f.relay.log.note());
    Path kept = f.receipts.resolve("checkpoint");
    String good = Files.readString(kept);
    Files.writeString(kept, good.substring(0, 20));
    assertThatThrownBy(f::restart)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(kept.toString(), "expected", "put back a good copy");

    Files.writeString(kept, good.replaceFirst("\n3\n", "\n4\n"));
    f.restart();
    show(f.relay.log.note());
    HttpResponse<String> response = f.chat();
    assertThat(ProxyFixture.code(response)).isEqualTo("leasehold_checkpoint-store");
    assertThat(ProxyFixture.message(response)).contains("note.signature", "put back a good copy");

    Files.writeString(kept, good);
    f.restart();
    answered(f.relay.log.note());
  }

  @Test
  void whatCannotBeRememberedIsNotBelieved() throws Exception {
    Files.createDirectory(f.receipts.resolve("checkpoint.part"));
    show(f.relay.log.note());
    HttpResponse<String> response = f.chat();
    assertThat(ProxyFixture.code(response)).isEqualTo("leasehold_checkpoint-store");
    assertThat(ProxyFixture.message(response)).contains("make room there");
    assertThat(f.relay.requests).isEmpty();
  }

  private static MemoryLog log(Ed25519Signer key) {
    return new MemoryLog(Parties.LOG_ORIGIN, key);
  }

  /** A new key makes the proxy look at everything again. */
  private void show(String note) {
    f.relay.enclave.bendBundle = bundle -> bundle.withCheckpoint(note);
    f.relay.enclave.ck = HpkeKeyPair.generate();
  }

  private void answered(String note) throws Exception {
    show(note);
    HttpResponse<String> response = f.chat();
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
  }

  private void refused(String note, String why) throws Exception {
    show(note);
    int asked = f.relay.requests.size();
    HttpResponse<String> response = f.chat();
    assertThat(ProxyFixture.code(response)).isEqualTo("leasehold_checkpoint");
    assertThat(ProxyFixture.message(response)).contains(why);
    assertThat(f.relay.requests).as("no prompt was opened").hasSize(asked);
  }
}
