package dev.leasehold.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.testkit.wire.WireTap;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ProxyTest {
  @TempDir Path folder;
  private ProxyFixture f;

  @BeforeEach
  void start() throws IOException {
    f = new ProxyFixture(folder);
  }

  @AfterEach
  void stop() {
    f.close();
  }

  @Test
  void aPlainAnswerComesWithItsReceiptWhichIsKept() throws Exception {
    HttpResponse<String> response = f.chat();
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(FakeRelay.PLAIN);
    String receipt = response.headers().firstValue("Leasehold-Receipt").orElseThrow();
    Path kept = f.receipts.resolve(receipt + ".json");
    assertThat(Envelope.parse("kept", Files.readAllBytes(kept)).hash())
        .isEqualTo(new Hash(receipt));
    assertThat(f.kept()).containsExactly(kept);
  }

  @Test
  void theEnclaveGetsTheRequestAsTheClientSentIt() throws Exception {
    String body = " {\"model\":\"stories\",\"prompt\":\"x\",\"max_tokens\":17,\"top_p\":0.5} ";
    assertThat(f.post("/v1/completions", body).statusCode()).isEqualTo(200);
    InferRequest request = f.relay.requests.getFirst();
    assertThat(request.body()).isEqualTo(FakeRelay.bytes(body));
    assertThat(request.api()).isEqualTo(InferRequest.Api.OPENAI_COMPLETIONS);
    assertThat(request.delivery()).isEqualTo(InferRequest.Delivery.HELD);
    assertThat(request.maxOutputTokens()).isEqualTo(17);
    assertThat(request.model()).isEqualTo("stories");
  }

  @Test
  void aStreamEndsWithTheReceiptAndThenDone() throws Exception {
    HttpResponse<String> response = f.post("/v1/chat/completions", ProxyFixture.STREAMED_CHAT);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    String receipt = String.valueOf(f.kept().getFirst().getFileName()).replace(".json", "");
    assertThat(response.body())
        .isEqualTo(
            FakeRelay.EVENTS.get(0)
                + FakeRelay.EVENTS.get(1)
                + ": leasehold-receipt "
                + receipt
                + "\n\ndata: [DONE]\n\n");
  }

  @Test
  void eventsArePassedOnAsTheyCome() throws Exception {
    CountDownLatch read = new CountDownLatch(1);
    f.relay.script =
        c -> {
          c.say(FakeRelay.EVENTS.get(0));
          read.await();
          c.say(FakeRelay.EVENTS.get(2));
          c.end(Optional.empty());
        };
    try (InputStream in = f.stream("/v1/chat/completions", ProxyFixture.STREAMED_CHAT).body()) {
      byte[] first = in.readNBytes(FakeRelay.EVENTS.get(0).length());
      assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo(FakeRelay.EVENTS.get(0));
      read.countDown();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).endsWith("[DONE]\n\n");
    }
  }

  @Test
  void aClientThatLeavesEndsTheRequestAtTheEnclave() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    f.relay.script =
        c -> {
          try {
            for (int i = 0; i < 1_000_000; i++) {
              c.say(FakeRelay.EVENTS.get(0));
            }
          } catch (IOException e) {
            ended.countDown();
          }
        };
    HttpResponse<InputStream> response =
        f.stream("/v1/chat/completions", ProxyFixture.STREAMED_CHAT);
    assertThat(response.body().read()).isPositive();
    response.body().close();
    assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(f.kept()).isEmpty();
  }

  @Test
  void trustIsKeptForTenMinutesAndThenCheckedAgain() throws Exception {
    f.chat();
    f.chat();
    assertThat(f.relay.bundles).hasValue(1);
    f.now.set(f.now.get().plusSeconds(601));
    assertThat(ProxyFixture.code(f.chat())).isEqualTo("leasehold_staple");
    assertThat(f.relay.bundles).hasValue(2);
    assertThat(f.relay.seals).hasValue(2);
  }

  @Test
  void aNewKeyIsFetchedWhenTheEnclaveHasRotated() throws Exception {
    assertThat(f.chat().statusCode()).isEqualTo(200);
    f.relay.enclave.ck = HpkeKeyPair.generate();
    assertThat(f.chat().statusCode()).isEqualTo(200);
    assertThat(f.relay.bundles).hasValue(2);
    assertThat(f.relay.seals).hasValue(3);
  }

  @Test
  void errorsOfTheEnclaveHaveTheirStatus() throws Exception {
    assertThat(refused("lease_exhausted")).isEqualTo(429);
    assertThat(refused("lease_stopped")).isEqualTo(503);
    assertThat(refused("context_length_exceeded")).isEqualTo(400);
    assertThat(f.kept()).isEmpty();
  }

  @Test
  void anAnswerCutShortByTheLeaseSaysSoAndIsNotDone() throws Exception {
    f.relay.script =
        c -> {
          c.say(FakeRelay.EVENTS.get(0));
          c.finish = Receipt.Finish.LEASE_STOPPED;
          c.end(Optional.empty());
        };
    String body = f.post("/v1/chat/completions", ProxyFixture.STREAMED_CHAT).body();
    assertThat(body).startsWith(FakeRelay.EVENTS.get(0)).contains("\"code\":\"lease_stopped\"");
    assertThat(body).doesNotContain("[DONE]");
    assertThat(f.kept()).hasSize(1);
  }

  @Test
  void anErrorThatWasChargedHasItsReceipt() throws Exception {
    String error = "{\"error\":{\"message\":\"used up\",\"code\":\"lease_exhausted\"}}";
    f.relay.script = c -> c.end(Optional.of(error));
    HttpResponse<String> plain = f.chat();
    assertThat(plain.statusCode()).isEqualTo(429);
    assertThat(plain.body()).isEqualTo(error);
    assertThat(plain.headers().firstValue("Leasehold-Receipt")).isPresent();
    f.relay.script =
        c -> {
          c.say(FakeRelay.EVENTS.get(0));
          c.end(Optional.of(error));
        };
    assertThat(f.post("/v1/chat/completions", ProxyFixture.STREAMED_CHAT).body())
        .isEqualTo(FakeRelay.EVENTS.get(0) + "data: " + error + "\n\n");
    assertThat(f.kept()).hasSize(2);
  }

  @Test
  void badRequestsAreRefusedBeforeAnythingIsAsked() throws Exception {
    assertThat(ProxyFixture.code(f.post("/v1/completions", "{"))).isEqualTo("invalid_json");
    assertThat(ProxyFixture.message(f.post("/v1/completions", "{}"))).startsWith("model: expected");
    assertThat(f.post("/v1/completions", "[1]").statusCode()).isEqualTo(400);
    String large = "{\"model\":\"stories\",\"prompt\":\"" + "x".repeat(1 << 20) + "\"}";
    assertThat(f.post("/v1/completions", large).statusCode()).isEqualTo(413);
    assertThat(f.post("/v1/embeddings", "{}").statusCode()).isEqualTo(404);
    assertThat(f.get("/v1/nothing").statusCode()).isEqualTo(404);
    assertThat(f.relay.seals).hasValue(0);
  }

  @Test
  void webPagesAreKeptOut() throws Exception {
    HttpRequest page =
        HttpRequest.newBuilder(f.uri().resolve("/v1/models"))
            .header("Origin", "https://evil.example")
            .build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(page, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(f.relay.bundles).hasValue(0);
  }

  @Test
  void withoutARelayTheAnswerSaysWhatToDo() throws Exception {
    f.restart(f.trust(), URI.create("http://127.0.0.1:1"));
    HttpResponse<String> response = f.chat();
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(ProxyFixture.code(response)).isEqualTo("leasehold_relay");
    assertThat(ProxyFixture.message(response)).contains("http://127.0.0.1:1", "remedy: check");
  }

  /** Attack CO-01, the part toward the relay. */
  @Tag("CO-01")
  @Test
  void noByteOfPromptOrAnswerIsReadableOnTheWireAndLengthsAreBuckets() throws Exception {
    Path recording = folder.resolve("wire");
    InetSocketAddress relay =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), f.relay.uri().getPort());
    try (WireTap tap = WireTap.open(relay, recording)) {
      f.restart(f.trust(), URI.create("http://127.0.0.1:" + tap.port()));
      assertThat(f.chat().body()).isEqualTo(FakeRelay.PLAIN);
      f.post("/v1/chat/completions", ProxyFixture.STREAMED_CHAT);
      String wire = Files.readString(recording, StandardCharsets.ISO_8859_1);
      String prompt = Base64.getEncoder().encodeToString(FakeRelay.bytes("CANARY").toArray());
      assertThat(wire)
          .contains("POST /v1/seal")
          .doesNotContain("CANARY", prompt, "In the beginning", "openai.chat");
      // 1 + 32 + 1120 + 4 bytes before the ciphertext, 16 of its tag after 1 KiB.
      assertThat(wire.split("(?i)content-length: 2197", -1)).hasSize(3);
    }
  }

  @Test
  void manyClientsAreServedAtOnce() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 20; i++) {
      all.add(
          client.sendAsync(
              f.request("/v1/chat/completions", ProxyFixture.CHAT),
              HttpResponse.BodyHandlers.ofString()));
    }
    for (CompletableFuture<HttpResponse<String>> one : all) {
      assertThat(one.get().statusCode()).as(one.get().body()).isEqualTo(200);
    }
    assertThat(f.kept()).hasSize(20);
    assertThat(f.relay.bundles).hasValue(1);
  }

  @Test
  void theModelOfTheLeaseIsListed() throws Exception {
    assertThat(f.get("/v1/models").body()).contains("\"id\":\"stories\"");
    assertThat(f.get("/v1/models/stories").statusCode()).isEqualTo(200);
    assertThat(f.get("/v1/models/other").statusCode()).isEqualTo(404);
    assertThat(f.get("/v2/models/stories").body())
        .isEqualTo("{\"name\":\"stories\",\"versions\":[\"1\"],\"platform\":\"leasehold_gguf\"}");
    assertThat(f.get("/v2/health/live").statusCode()).isEqualTo(200);
    assertThat(f.get("/v2/health/ready").statusCode()).isEqualTo(200);
    assertThat(f.post("/v2/models/stories/infer", "{\"inputs\":[]}").body())
        .isEqualTo(FakeRelay.PLAIN);
    assertThat(f.relay.requests.getLast().api()).isEqualTo(InferRequest.Api.OIP_INFER);
  }

  private int refused(String code) throws Exception {
    f.relay.script = c -> c.refuse("{\"error\":{\"message\":\"m\",\"code\":\"" + code + "\"}}");
    HttpResponse<String> plain = f.chat();
    assertThat(ProxyFixture.code(plain)).isEqualTo(code);
    HttpResponse<String> streamed = f.post("/v1/chat/completions", ProxyFixture.STREAMED_CHAT);
    assertThat(streamed.statusCode()).isEqualTo(plain.statusCode());
    return plain.statusCode();
  }
}
