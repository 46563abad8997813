package dev.leasehold.borrower;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leasehold.borrower.FakeCustodian.Reply;
import dev.leasehold.borrower.books.Statement;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Hello;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.party.Parties;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RelayCarryTest {
  @TempDir Path folder;
  private RelayFixture f;

  @BeforeEach
  void open() throws Exception {
    f = new RelayFixture(folder);
  }

  @AfterEach
  void close() throws Exception {
    f.close();
  }

  @Test
  void startSaysHelloInTheBorrowersNameAndHandsOverTheWholeLease() throws Exception {
    HttpResponse<String> response = f.enclave.get("/v1/start");
    assertThat(response.statusCode()).isEqualTo(200);
    Bundles.Start start =
        Bundle.parse(Bundles.Start.class, response.body().getBytes(UTF_8), 262_144);
    assertThat(start.challenge().hash()).isEqualTo(f.exchange.challenge().hash());
    assertThat(start.lease()).isEqualTo(f.parties.lease.envelope());

    FakeCustodian.Request hello = f.custodian.requests("instances").getFirst();
    Signed<Hello> signed =
        Dsse.open(
            Statements.HELLO,
            Envelope.parse("hello", hello.body().getBytes(UTF_8)),
            f.parties.borrowerKey.key());
    assertThat(signed.body().leaseId()).isEqualTo(Parties.LEASE_ID);
    assertThat(hello.headers().get("Idempotency-key").getFirst()).matches("[0-9a-f]{32}");
  }

  @Test
  void aHelloWithoutAnAnswerIsRepeatedWithTheSameKeyAndBody() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    f.custodian.script(
        "instances",
        r -> calls.incrementAndGet() < 3 ? Reply.text(500, "down") : f.custodian.answer(r));
    assertThat(f.enclave.get("/v1/start").statusCode()).isEqualTo(200);
    var hellos = f.custodian.requests("instances");
    assertThat(hellos).hasSize(3);
    assertThat(hellos.stream().map(FakeCustodian.Request::body).distinct()).hasSize(1);
    assertThat(hellos.stream().map(r -> r.headers().get("Idempotency-key")).distinct()).hasSize(1);
  }

  @Test
  void aPackageFolderThatIsNotTheLeasedOneIsSaidSo() throws Exception {
    Bundles.LeaseBundle mine = f.parties.bundle();
    f.relay.close();
    f.patience = Duration.ZERO;
    f.start();
    f.custodian.script(
        "bundle",
        r ->
            Reply.bundle(
                200,
                Bundle.write(
                    Bundles.LeaseBundle.class,
                    new Bundles.LeaseBundle(
                        mine.roster(),
                        mine.measurements(),
                        mine.borrower(),
                        mine.lease(),
                        mine.lease()))));
    HttpResponse<String> response = f.enclave.get("/v1/start");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("package.json").contains(mine.lease().hash().hex());
  }

  /**
   * Else a grant 0 under a lease renewed meanwhile would promise what no lease that is kept does.
   */
  @Test
  void theLeaseThatAFirstGrantStandsOnIsKept() throws Exception {
    f.enclave.get("/v1/start");
    Bundles.LeaseBundle old = f.parties.bundle();
    Json.Obj longer =
        Codec.of(Lease.class)
            .encode(f.parties.lease.body())
            .with("notAfter", f.parties.lease.body().notAfter() + 1);
    Envelope renewed =
        Dsse.sign(
                Statements.LEASE, Codec.of(Lease.class).decode("lease", longer), f.parties.approver)
            .envelope();
    String bundle =
        Bundle.text(
            Bundles.LeaseBundle.class,
            new Bundles.LeaseBundle(
                old.roster(), old.measurements(), old.borrower(), renewed, old.modelPackage()));
    f.custodian.script("bundle", r -> Reply.bundle(200, bundle.getBytes(UTF_8)));
    assertThat(f.enclave.post("evidence", f.enclave.evidence()).statusCode()).isEqualTo(200);
    await().until(() -> f.isKept(bundle));
  }

  @Test
  void aSignedRefusalOfAHelloReachesTheEnclaveAsItIs() throws Exception {
    Signed<Problem> full =
        f.exchange.problem(Parties.hash(1), 409, "slots-full", Problem.Action.RETRY);
    f.custodian.script(
        "instances",
        r -> new Reply(409, "application/vnd.leasehold.envelope+json", full.envelope().write()));
    HttpResponse<String> response = f.enclave.get("/v1/start");
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(response.body()).isEqualTo(full.envelope().write());
  }

  @Test
  void bothDirectionsAreOnDiskBeforeTheyAreForwarded() throws Exception {
    f.enclave.enrol();
    AtomicReference<Boolean> keptBeforeForwarding = new AtomicReference<>();
    f.custodian.script(
        "heartbeat",
        r -> {
          keptBeforeForwarding.set(f.isKept(r.body()));
          return f.custodian.answer(r);
        });
    HttpResponse<String> reply = f.enclave.post("heartbeat", f.enclave.firstPost());
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(keptBeforeForwarding.get()).isTrue();
    assertThat(f.isKept(reply.body())).isTrue();
  }

  @Test
  void instanceEndpointsCarryTheRelaysTokenAndTheExactBytes() throws Exception {
    f.enclave.enrol();
    byte[] post = f.enclave.firstPost();
    assertThat(f.enclave.post("heartbeat", post).statusCode()).isEqualTo(200);
    FakeCustodian.Request seen = f.custodian.requests("heartbeat").getFirst();
    assertThat(seen.body()).isEqualTo(new String(post, UTF_8));
    assertThat(seen.headers().get("Authorization"))
        .containsExactly("Bearer " + FakeCustodian.TOKEN);
  }

  @Test
  void whatIsNotSignedIsNoAnswerAndIsAskedAgain() throws Exception {
    f.enclave.enrol();
    AtomicInteger calls = new AtomicInteger();
    f.custodian.script(
        "heartbeat",
        r ->
            switch (calls.incrementAndGet()) {
              case 1 -> Reply.text(410, "gone");
              case 2 -> Reply.text(423, "{\"status\":423}");
              case 3 -> Reply.text(200, "<html>captive portal</html>");
              default -> f.custodian.answer(r);
            });
    HttpResponse<String> reply = f.enclave.post("heartbeat", f.enclave.firstPost());
    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(calls).hasValue(4);
  }

  @Test
  void aSignedProblemReachesTheEnclaveAsItIs() throws Exception {
    f.enclave.enrol();
    Hash asked = f.enclave.firstHeartbeat().hash();
    String problem =
        f.exchange.problem(asked, 412, "epoch-stale", Problem.Action.REATTEST).envelope().write();
    f.custodian.script(
        "heartbeat", r -> new Reply(412, "application/vnd.leasehold.envelope+json", problem));
    HttpResponse<String> reply = f.enclave.post("heartbeat", f.enclave.firstPost());
    assertThat(reply.statusCode()).isEqualTo(412);
    assertThat(reply.body()).isEqualTo(problem);
    assertThat(f.isKept(problem)).isTrue();
  }

  @Test
  void aRepeatedHeartbeatIsAnsweredFromTheStore() throws Exception {
    f.enclave.enrol();
    String first = f.enclave.post("heartbeat", f.enclave.firstPost()).body();
    String second = f.enclave.post("heartbeat", f.enclave.firstPost()).body();
    assertThat(second).isEqualTo(first);
    assertThat(f.custodian.requests("heartbeat")).hasSize(1);
  }

  @Test
  void aRelayStoppedInMidExchangeSendsTheStoredBytesAgain() throws Exception {
    f.enclave.enrol();
    f.custodian.script("heartbeat", r -> Reply.text(500, "down"));
    byte[] post = f.enclave.firstPost();
    Thread waiting =
        Thread.ofVirtual()
            .start(() -> {
              try {
                f.enclave.post("heartbeat", post);
              } catch (Exception e) {
                // The relay goes away while this waits: the very point.
              }
            });
    await().until(() -> !f.custodian.requests("heartbeat").isEmpty());
    f.relay.close();
    waiting.join();
    f.custodian.unscript("heartbeat");
    f.custodian.requests.clear();
    f.start();
    await().until(() -> f.relay.statement().instances().getFirst().seq() == 1);
    assertThat(f.custodian.requests("heartbeat").getFirst().body())
        .isEqualTo(new String(post, UTF_8));
    assertThat(f.custodian.requests("heartbeat").getFirst().headers().get("Authorization"))
        .containsExactly("Bearer " + FakeCustodian.TOKEN);
    f.custodian.requests.clear();
    assertThat(f.enclave.post("heartbeat", post).statusCode()).isEqualTo(200);
    assertThat(f.custodian.requests("heartbeat")).isEmpty();
  }

  @Test
  void aFinalIsAskedForUntilItsClosureComesEvenAfterItsEnclaveHasGone() throws Exception {
    f.enclave.enrol();
    AtomicInteger calls = new AtomicInteger();
    Hash anything = Parties.hash(9);
    String frozen =
        f.exchange.problem(anything, 503, "frozen", Problem.Action.RETRY).envelope().write();
    f.custodian.script(
        "final",
        r ->
            calls.incrementAndGet() < 5
                ? new Reply(503, "application/vnd.leasehold.envelope+json", frozen)
                : f.custodian.answer(r));
    f.relay.close();
    f.patience = Duration.ZERO;
    f.start();
    assertThat(f.enclave.post("final", f.enclave.finalPost()).statusCode()).isEqualTo(503);
    await()
        .until(() ->
            f.relay.statement().instances().getFirst().standing() == Statement.Standing.CLOSED);
    assertThat(calls).hasValue(5);
    Statement s = f.relay.statement();
    assertThat(s.exposure()).isEqualTo(Vec.ZERO);
    assertThat(s.refunded()).isEqualTo(f.parties.lease.body().tranche());
    assertThat(s.alarms()).isEmpty();
  }

  @Test
  void theBooksFollowTheSignedMessagesAndSurviveARestart() throws Exception {
    f.enclave.enrol();
    f.enclave.post("heartbeat", f.enclave.firstPost());
    Vec used = new Vec(3, 30, 300, 3_000);
    Signed<Heartbeat> second =
        f.exchange.heartbeat(
            2, f.enclave.firstHeartbeat().hash(), f.custodian.lastGrant.hash(), used);
    f.enclave.post("heartbeat", FakeEnclave.post(second, f.custodian.lastGrant));
    Statement before = f.relay.statement();
    assertThat(before.proven()).isEqualTo(used);
    assertThat(before.reserved()).isEqualTo(used.plus(f.parties.lease.body().tranche()));
    assertThat(before.budget()).isEqualTo(f.parties.lease.body().budget());
    assertThat(before.alarms()).isEmpty();
    f.relay.close();
    f.start();
    assertThat(f.relay.statement()).isEqualTo(before);
  }
}
