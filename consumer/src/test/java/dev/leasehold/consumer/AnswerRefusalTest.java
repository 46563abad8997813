package dev.leasehold.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Staple;
import dev.leasehold.testkit.party.Parties;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An answer that is not proven is never shown as complete: not when its receipt is of something
 * else (attack CO-04), its staple (CO-06) or its frames (CO-07).
 */
@Timeout(120)
class AnswerRefusalTest {
  private static final int RN = 32;
  private static final int FRAME = 1 + 512 + 16;

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

  @Tag("CO-04")
  @Tag("D28")
  @ParameterizedTest(name = "{0}")
  @MethodSource("receipts")
  void aReceiptOfSomethingElseIsRefused(String field, Object value) throws Exception {
    f.relay.enclave.bendReceipt = Bend.field(javaName(field), value);
    refused("receipt:" + field);
    assertThat(f.kept()).isEmpty();
  }

  static Stream<Arguments> receipts() {
    return Stream.of(
        arguments("leaseId", Parties.id(0x77)),
        arguments("instanceId", Parties.id(0x77)),
        arguments("keySeq", 2L),
        arguments("package", Parties.hash(0x77)),
        arguments("modelDigest", Parties.hash(0x77)),
        arguments("requestHash", Parties.hash(0x77)),
        arguments("responseHash", Parties.hash(0x77)),
        arguments("paramsHash", Parties.hash(0x77)),
        arguments("epoch", 2L),
        arguments("incarnation", 2L));
  }

  @Test
  void aReceiptOfAnotherKeyIsRefused() throws Exception {
    f.relay.enclave.receiptKey = f.relay.enclave.parties.stranger;
    refused("receipt");
  }

  @Tag("D27")
  @Test
  void twoReceiptsAfterTheSameOneAreRefusedAndKeptAsProof() throws Exception {
    UnaryOperator<Receipt> forked = Bend.field("prev", Parties.hash(0x50));
    f.relay.enclave.bendReceipt = forked;
    assertThat(f.chat().statusCode()).isEqualTo(200);
    assertThat(ProxyFixture.code(f.chat())).isEqualTo("leasehold_receipt:prev");
    assertThat(f.kept()).hasSize(2);
  }

  @Tag("CO-06")
  @ParameterizedTest(name = "{0}")
  @MethodSource("staples")
  void aStapleThatDoesNotProveLifeIsRefused(String field, Object value) throws Exception {
    f.relay.enclave.bendAnswerStaple = Bend.field(field, value);
    refused("staple");
    assertThat(f.kept()).isEmpty();
  }

  static Stream<Arguments> staples() {
    return Stream.of(
        arguments("issuedAt", Parties.NOW - 75_000),
        arguments("leaseId", Parties.id(0x77)),
        arguments("instanceId", Parties.id(0x77)),
        arguments("ik", Parties.hash(0x77)),
        arguments("evidence", Parties.hash(0x77)),
        arguments("appraisal", Parties.hash(0x77)),
        arguments("modelPackage", Parties.hash(0x77)),
        arguments("modelDigest", Parties.hash(0x77)),
        arguments("epoch", 2L),
        arguments("incarnation", 2L));
  }

  @Test
  void anEnclaveThatAttestedAnewMeanwhileIsCheckedAgainAndItsAnswerAccepted() throws Exception {
    f.relay.script =
        c -> {
          c.say(FakeRelay.PLAIN);
          FakeEnclave e = f.relay.enclave;
          e.bendStatement = Bend.<EvidenceStatement>field("epoch", 2L);
          e.bendStaple = Bend.<Staple>field("epoch", 2L);
          e.bendReceipt = Bend.<Receipt>field("epoch", 2L);
          c.end(Optional.empty());
        };
    HttpResponse<String> response = f.chat();
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(f.relay.bundles).hasValue(2);
  }

  @Tag("CO-07")
  @ParameterizedTest(name = "{0}")
  @MethodSource("frames")
  void framesThatWereChangedOnTheWayAreRefused(String what, UnaryOperator<byte[]> bend)
      throws Exception {
    f.relay.bendFrames = Optional.of(bend);
    refused("answer");
    assertThat(f.kept()).isEmpty();
  }

  static Stream<Arguments> frames() {
    return Stream.of(
        frames("nothing at all", b -> new byte[0]),
        frames("the head alone", b -> Arrays.copyOf(b, RN)),
        frames("cut in a frame", b -> Arrays.copyOf(b, b.length - 1)),
        frames("cut before the last frame", b -> Arrays.copyOf(b, b.length - FRAME)),
        frames("a byte flipped in the last frame", b -> flipped(b, b.length - 1)),
        frames("a more-frame said to be the last", b -> flipped(b, RN)),
        frames("two frames swapped", AnswerRefusalTest::swapped),
        frames("a frame sent twice", AnswerRefusalTest::doubled),
        frames("bytes after the last frame", b -> Arrays.copyOf(b, b.length + 1)));
  }

  @Tag("CO-07")
  @Test
  void theAnswerToAnotherRequestIsRefusedWholeOrInPart() throws Exception {
    AtomicReference<byte[]> first = new AtomicReference<>();
    f.relay.bendFrames =
        Optional.of(body -> {
          first.set(body);
          return body;
        });
    assertThat(f.chat().statusCode()).isEqualTo(200);
    f.relay.bendFrames = Optional.of(body -> first.get());
    refused("answer");
    f.relay.bendFrames =
        Optional.of(body -> {
          byte[] joined = body.clone();
          int from = joined.length - FRAME;
          System.arraycopy(first.get(), from, joined, from, FRAME);
          return joined;
        });
    refused("answer");
  }

  @Test
  void aStreamThatFailsEndsWithAnErrorAndWithoutDone() throws Exception {
    f.relay.bendFrames = Optional.of(b -> Arrays.copyOf(b, b.length - FRAME));
    String body = f.post("/v1/chat/completions", ProxyFixture.STREAMED_CHAT).body();
    assertThat(body)
        .startsWith(FakeRelay.EVENTS.getFirst())
        .contains("data: {\"error\":{", "\"code\":\"leasehold_answer\"")
        .doesNotContain("[DONE]");
  }

  @Test
  void aStreamWhoseReceiptFailsEndsWithAnErrorAndWithoutDone() throws Exception {
    f.relay.enclave.bendReceipt = Bend.field("responseHash", Parties.hash(0x77));
    String body = f.post("/v1/chat/completions", ProxyFixture.STREAMED_CHAT).body();
    assertThat(body)
        .contains("\"code\":\"leasehold_receipt:responseHash\"")
        .doesNotContain("[DONE]");
  }

  private void refused(String check) throws Exception {
    HttpResponse<String> response = f.chat();
    assertThat(response.body()).startsWith("{\"error\":");
    assertThat(ProxyFixture.code(response)).as(response.body()).isEqualTo("leasehold_" + check);
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.headers().firstValue("Leasehold-Receipt")).isEmpty();
  }

  private static Arguments frames(String what, UnaryOperator<byte[]> bend) {
    return arguments(what, bend);
  }

  private static String javaName(String field) {
    return field.equals("package") ? "modelPackage" : field;
  }

  private static byte[] flipped(byte[] body, int at) {
    byte[] copy = body.clone();
    copy[at] ^= 1;
    return copy;
  }

  private static byte[] swapped(byte[] body) {
    byte[] copy = body.clone();
    System.arraycopy(body, RN, copy, RN + FRAME, FRAME);
    System.arraycopy(body, RN + FRAME, copy, RN, FRAME);
    return copy;
  }

  private static byte[] doubled(byte[] body) {
    byte[] copy = Arrays.copyOf(body, body.length + FRAME);
    System.arraycopy(body, RN, copy, RN + FRAME, body.length - RN);
    return copy;
  }
}
