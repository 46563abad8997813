package dev.leasehold.enclave.life;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.stream.Ending;
import dev.leasehold.core.stream.InferRequest.Api;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.enclave.api.Client;
import dev.leasehold.enclave.testing.Approvers;
import dev.leasehold.enclave.testing.Scale;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real text from a sealed model, metered to the last token (protocol §9; BH-04, OS-01, CO-01). */
@Timeout(120)
final class EnclaveServesTest {
  private static final String CANARY = "xyzzy-plugh-canary";

  private static final int FRAME_BYTES = 256;

  private static final int STREAMS = 50;

  /** An engine writes for so many at once; who comes later waits. */
  private static final int AT_ONCE = 8;

  /** Enclaves of one lease, as many as write for all streams at once; fewer of them in verify. */
  private static final int ENCLAVES = Scale.of((STREAMS + AT_ONCE - 1) / AT_ONCE, 3);

  @TempDir private Path home;

  @Tag("CO-01")
  @Tag("D14")
  @Test
  void receiptsAddUpToTheFinalAndNothingOfARequestLeavesUnsealed() throws Exception {
    try (RunningEnclave enclave = new RunningEnclave(home, EnclaveServesTest::roomy, relay -> {})) {
      int port = enclave.awaitPort();
      List<Receipt> receipts = new ArrayList<>();
      try (Client client = new Client(port, enclave.relay.ik(), FRAME_BYTES)) {
        for (int i = 0; i < 10; i++) {
          Client.Reply reply =
              client.ask(
                  client.request(
                      Api.OPENAI_COMPLETIONS,
                      Delivery.HELD,
                      prompt("Once upon a time " + CANARY, 8)));
          assertThat(reply.receipt().body().finish()).isEqualTo(Receipt.Finish.LENGTH);
          receipts.add(reply.receipt().body());
        }
      }
      RunningEnclave.patiently()
          .until(() -> enclave.relay.heartbeats.stream().anyMatch(h -> h.body().finished() == 10));

      enclave.relay.push(enclave.custodian.command(Command.Type.DRAIN, 1));
      enclave.awaitEnd();

      Final last = enclave.relay.lastWord().body();
      assertThat(last.reason()).isEqualTo(Final.Reason.DRAINED);
      assertThat(last.finished()).isEqualTo(10);
      Vec sum = receipts.stream().map(Receipt::charged).reduce(Vec.ZERO, Vec::plus);
      assertThat(last.used()).isEqualTo(sum);
      assertThat(sum.outputTokens()).isEqualTo(80);
      assertThat(enclave.relay.heartbeats)
          .allSatisfy(h -> assertThat(h.body().used().atMost(sum)).isTrue());
      assertThat(enclave.relay.everythingReceived()).doesNotContain(CANARY);
      assertThat(enclave.log.toString()).doesNotContain(CANARY);
    }
  }

  @Tag("BH-04")
  @Tag("D13")
  @Test
  void whenEveryHeartbeatIsLostWorkEndsAtExactlyTheAllowance() throws Exception {
    try (RunningEnclave enclave =
        new RunningEnclave(
            home,
            terms -> {
              roomy(terms);
              terms.tranche = new Vec(200, 20_000, 30, 100_000_000);
              terms.quantum = 1;
              terms.ttlMs = 20_000;
              terms.graceMs = 10_000;
            },
            relay -> relay.silent = true)) {
      int port = enclave.awaitPort();
      try (Client client = new Client(port, enclave.relay.ik(), FRAME_BYTES)) {
        Client.Reply reply =
            client.ask(
                client.request(
                    Api.OPENAI_COMPLETIONS, Delivery.HELD, prompt("Once upon a time", 100)));
        assertThat(reply.receipt().body().finish()).isEqualTo(Receipt.Finish.LEASE_EXHAUSTED);
        assertThat(reply.receipt().body().charged().outputTokens()).isEqualTo(30);
      }
      enclave.relay.push(enclave.custodian.command(Command.Type.REVOKE, 1));
      enclave.awaitEnd();
      assertThat(enclave.relay.lastWord().body().used().outputTokens()).isEqualTo(30);
    }
  }

  @Test
  void aRevokeEndsAStreamAndTheFinalCoversAllOfIt() throws Exception {
    try (RunningEnclave enclave = new RunningEnclave(home, EnclaveServesTest::roomy, relay -> {})) {
      int port = enclave.awaitPort();
      try (Client client = new Client(port, enclave.relay.ik(), FRAME_BYTES)) {
        CompletableFuture<Client.Reply> streaming =
            CompletableFuture.supplyAsync(() -> story(client));
        RunningEnclave.patiently()
            .until(() ->
                enclave.relay.heartbeats.stream()
                    .anyMatch(h -> h.body().used().outputTokens() > 0));
        enclave.relay.push(enclave.custodian.command(Command.Type.REVOKE, 1));
        Client.Reply reply = streaming.get(30, TimeUnit.SECONDS);
        enclave.awaitEnd();

        assertThat(reply.receipt().body().finish()).isEqualTo(Receipt.Finish.LEASE_STOPPED);
        Final last = enclave.relay.lastWord().body();
        assertThat(last.reason()).isEqualTo(Final.Reason.REVOKED);
        assertThat(last.used()).isEqualTo(reply.receipt().body().charged());
        assertThat(last.aborted()).isEqualTo(1);
      }
    }
  }

  /**
   * Fifty consumers ask when the off-switch is pressed, as many read as the engines write for at
   * once; for each the last text is measured.
   */
  @Tag("OS-01")
  @Test
  void manyStreamsFallSilentWithinASecondAndEachFinalIsTheirSum() throws Exception {
    CountDownLatch reading = new CountDownLatch(Math.min(STREAMS, ENCLAVES * AT_ONCE));
    List<Crowd> crowds = new ArrayList<>();
    try (ExecutorService consumers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < ENCLAVES; i++) {
        crowds.add(new Crowd(Files.createDirectory(home.resolve("enclave" + i))));
      }
      for (int i = 0; i < STREAMS; i++) {
        crowds.get(i % ENCLAVES).add(consumers, reading);
      }
      assertThat(reading.await(60, TimeUnit.SECONDS)).as("streams show text").isTrue();
      long pressed = System.nanoTime();
      crowds.forEach(Crowd::revoke);
      for (Crowd crowd : crowds) {
        assertThat(Duration.ofNanos(crowd.lastText(pressed) - pressed))
            .isLessThan(Duration.ofSeconds(1));
      }
    } finally {
      crowds.forEach(Crowd::close);
    }
  }

  /** Consumers of one enclave, who read until it is stopped. */
  private static final class Crowd implements AutoCloseable {
    private final RunningEnclave enclave;
    private final Client client;
    private final List<Future<Optional<Client.Reply>>> streams = new ArrayList<>();

    Crowd(Path home) throws Exception {
      enclave = new RunningEnclave(home, Crowd::slow, relay -> {});
      client = new Client(enclave.awaitPort(), enclave.relay.ik(), FRAME_BYTES);
    }

    /** A text lasts for about a second, so that hardly one ends before all have begun. */
    private static void slow(Approvers.LeaseDraft terms) {
      roomy(terms);
      terms.frameMs = 150;
    }

    void add(ExecutorService consumers, CountDownLatch reading) {
      streams.add(consumers.submit(() -> reads(client, reading)));
    }

    void revoke() {
      enclave.relay.push(enclave.custodian.command(Command.Type.REVOKE, 1));
    }

    /** Waits for the end, and checks that the final is what the streams were charged. */
    long lastText(long pressed) throws Exception {
      Vec charged = Vec.ZERO;
      int cut = 0;
      long last = pressed;
      for (Future<Optional<Client.Reply>> stream : streams) {
        Optional<Client.Reply> answer = stream.get(30, TimeUnit.SECONDS);
        if (answer.isEmpty() || answer.get().ending() instanceof Ending.Refused) {
          continue; // it came after the stop: nothing was said to it, and nothing charged
        }
        Client.Reply reply = answer.get();
        if (reply.receipt().body().finish() == Receipt.Finish.LEASE_STOPPED) {
          cut++;
        }
        charged = charged.plus(reply.receipt().body().charged());
        last = Math.max(last, reply.lastTextNanos());
      }
      assertThat(cut).as("streams in the middle of their text").isGreaterThan(AT_ONCE / 2);
      enclave.awaitEnd();
      assertThat(enclave.relay.lastWord().body().used()).isEqualTo(charged);
      assertThat(enclave.relay.lastWord().body().reason()).isEqualTo(Final.Reason.REVOKED);
      return last;
    }

    @Override
    public void close() {
      client.close();
      enclave.close();
    }
  }

  private static Optional<Client.Reply> reads(Client client, CountDownLatch reading)
      throws Exception {
    AtomicBoolean first = new AtomicBoolean(true);
    return client.ask(
        client.request(Api.OPENAI_COMPLETIONS, Delivery.STREAMED, prompt("Once", 480)),
        text -> {
          if (first.getAndSet(false)) {
            reading.countDown();
          }
        });
  }

  private static Client.Reply story(Client client) {
    try {
      return client.ask(
          client.request(Api.OPENAI_COMPLETIONS, Delivery.STREAMED, prompt("Once", 480)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String prompt(String text, int tokens) {
    return "{\"model\":\"stories\",\"prompt\":\"%s\",\"max_tokens\":%d,\"temperature\":0,\"stream\":%s}"
        .formatted(text, tokens, tokens > 400);
  }

  private static void roomy(Approvers.LeaseDraft terms) {
    terms.heartbeatMs = 400;
    terms.ttlMs = 5_000;
    terms.graceMs = 5_000;
    terms.quantum = 1;
    terms.minRequests = 0;
    terms.frameBytes = FRAME_BYTES;
    terms.frameMs = 20;
  }
}
