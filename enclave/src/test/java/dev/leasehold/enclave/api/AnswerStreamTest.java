package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.seal.SecretBytes;
import dev.leasehold.core.stream.Ending;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.core.stream.ResponseReader;
import dev.leasehold.core.stream.ResponseWriter;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.model.Finish;
import dev.leasehold.enclave.model.Usage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One answer, its frames taken by hand. */
class AnswerStreamTest {
  private static final int FRAME_BYTES = 512;
  private static final int SEALED_FRAME = 1 + FRAME_BYTES + 16;
  private static final Vec CHARGED = new Vec(1, 2, 3, 4);
  private static final Bytes ENC = Bytes.of(new byte[1120]);
  private static final Envelope PAPER = new Envelope("text", Bytes.of(new byte[9]), List.of());

  private final SecureRandom random = new SecureRandom();
  private final SecretBytes secret = SecretBytes.random(32, random);
  private final ResponseWriter writer = new ResponseWriter(secret, ENC, FRAME_BYTES, random);
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private final Tally tally = new Tally();
  private final List<Finish> receipts = new ArrayList<>();
  private boolean mayEmit = true;

  /** Pieces in brackets, an end in braces. */
  private record Marks(boolean streams) implements Format {
    @Override
    public byte[] piece(String piece) {
      return ("[" + piece + "]").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] end(String rest, Finish finish, Usage usage) {
      return (rest + "{" + finish.wire() + "}").getBytes(StandardCharsets.UTF_8);
    }
  }

  @Test
  void oneFrameTakesAllThatIsReady() throws Exception {
    AnswerStream answer = live();
    answer.text("a");
    answer.text("b");
    frame(answer);
    answer.text("c");
    frame(answer);
    answer.finished(Finish.STOP, CHARGED, new Usage(1, 3));

    Ending ending = finish(answer);

    assertThat(ending).isInstanceOf(Ending.Charged.class);
    assertThat(text()).isEqualTo("[ab][c]{stop}");
    assertThat(receipts).containsExactly(Finish.STOP);
    assertThat(tally.counts().finished()).isEqualTo(1);
  }

  @Tag("CO-02")
  @Test
  void theModelWaitsWhileAFrameOfTextDoes() {
    AnswerStream answer = live();
    assertThat(answer.ready()).isTrue();
    answer.text("x".repeat(250));
    assertThat(answer.ready()).isFalse();
    frame(answer);
    assertThat(answer.ready()).isTrue();
  }

  @Test
  void aHeldAnswerLeavesInNothingButEmptyFramesUntilItIsWhole() throws Exception {
    AnswerStream answer = answer(Delivery.HELD, new Marks(true));
    answer.text("x".repeat(2_000));
    assertThat(answer.ready()).isTrue();
    frame(answer);
    frame(answer);
    assertThat(writer.waiting()).isZero();
    answer.finished(Finish.LENGTH, CHARGED, new Usage(1, 3));

    finish(answer);

    assertThat(text()).isEqualTo("x".repeat(2_000) + "{length}");
  }

  @Test
  void aStopDropsWhatNoFrameTookAndSaysSo() throws Exception {
    AnswerStream answer = live();
    answer.text("seen");
    frame(answer);
    answer.text("unseen");
    mayEmit = false;
    frame(answer);
    assertThat(answer.cancelled()).isTrue();
    answer.text("more");
    answer.finished(Finish.CANCELLED, CHARGED, new Usage(1, 3));

    Ending.Charged ending = (Ending.Charged) finish(answer);

    assertThat(text()).isEqualTo("[seen]{lease_stopped}");
    assertThat(ending.error()).isEmpty();
    assertThat(receipts).containsExactly(Finish.LEASE_STOPPED);
    assertThat(tally.counts().aborted()).isEqualTo(1);
  }

  @Test
  void aStopInTheMiddleOfAnEventIsToldAsAnError() throws Exception {
    AnswerStream answer = live();
    answer.text("y".repeat(600));
    frame(answer);
    mayEmit = false;
    answer.finished(Finish.LEASE_STOPPED, CHARGED, new Usage(1, 3));

    Ending.Charged ending = (Ending.Charged) finish(answer);

    assertThat(text()).startsWith("[yyy").hasSize(FRAME_BYTES - 7);
    assertThat(new String(ending.error().orElseThrow().toArray(), StandardCharsets.UTF_8))
        .contains("lease_stopped");
  }

  @Test
  void aWholeAnswerThatWaitsWhenTheStopComesIsDroppedThough() throws Exception {
    AnswerStream answer = answer(Delivery.HELD, new Marks(false));
    answer.text("z".repeat(2_000));
    answer.finished(Finish.STOP, CHARGED, new Usage(1, 3));
    frame(answer);
    mayEmit = false;

    Ending.Charged ending = (Ending.Charged) finish(answer);

    assertThat(text()).hasSize(FRAME_BYTES - 7);
    assertThat(ending.error()).isPresent();
    assertThat(receipts).containsExactly(Finish.LEASE_STOPPED);
    assertThat(tally.counts().aborted()).isEqualTo(1);
  }

  @Test
  void anEngineThatFailedIsToldWithAReceipt() throws Exception {
    AnswerStream answer = live();
    answer.finished(Finish.ERROR, CHARGED, new Usage(1, 0));

    Ending.Charged ending = (Ending.Charged) finish(answer);

    assertThat(new String(ending.error().orElseThrow().toArray(), StandardCharsets.UTF_8))
        .contains("engine_error");
    assertThat(receipts).containsExactly(Finish.ERROR);
  }

  @Test
  void whoWentAwayGetsNoReceiptAndIsCountedOnce() {
    AnswerStream answer = live();
    answer.abandon();
    assertThat(answer.cancelled()).isTrue();
    assertThat(tally.counts().aborted()).isZero();
    answer.finished(Finish.CANCELLED, CHARGED, new Usage(1, 0));
    answer.abandon();
    assertThat(tally.counts().aborted()).isEqualTo(1);
    assertThat(receipts).isEmpty();
  }

  @Test
  void anAnswerWhoseCostIsUnknownBreaksOff() {
    AnswerStream answer = live();
    answer.broke();
    assertThatThrownBy(answer::nextFrame).isInstanceOf(IllegalStateException.class);
    assertThat(tally.counts().aborted()).isEqualTo(1);
  }

  private AnswerStream live() {
    return answer(Delivery.STREAMED, new Marks(true));
  }

  private AnswerStream answer(Delivery delivery, Format format) {
    sent.writeBytes(writer.head());
    tally.entered();
    return new AnswerStream(
        writer,
        format,
        delivery,
        () -> mayEmit,
        tally,
        (of, charged, finish) -> {
          receipts.add(finish);
          return PAPER;
        },
        () -> PAPER);
  }

  private void frame(AnswerStream answer) {
    byte[] frame = answer.nextFrame();
    assertThat(frame).hasSize(SEALED_FRAME);
    sent.writeBytes(frame);
  }

  private Ending finish(AnswerStream answer) throws Exception {
    while (!answer.hasEnded()) {
      frame(answer);
    }
    return new ResponseReader(secret, ENC, FRAME_BYTES)
        .read(new ByteArrayInputStream(sent.toByteArray()), text::writeBytes);
  }

  private String text() {
    return text.toString(StandardCharsets.UTF_8);
  }
}
