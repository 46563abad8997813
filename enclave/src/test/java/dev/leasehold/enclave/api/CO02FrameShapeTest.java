package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.seal.SecretBytes;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.core.stream.ResponseWriter;
import dev.leasehold.enclave.meter.Tally;
import dev.leasehold.enclave.model.Finish;
import dev.leasehold.enclave.model.Usage;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Who watches the wire sees how many frames an answer took and nothing else: their size and pace
 * are fixed. At 512 bytes every 200 ms that number follows the time a text took to write, not its
 * words; a model that writes faster than the frames carry is held back by them, and then it tells.
 */
@Tag("CO-02")
class CO02FrameShapeTest {
  private static final int FRAME_BYTES = 512;
  private static final int SEALED_FRAME = 1 + FRAME_BYTES + 16;
  private static final int ANSWERS = 200;

  /** What a streaming API wraps around each token. */
  private static final int EVENT_BYTES = 180;

  private static final Bytes ENC = Bytes.of(new byte[1120]);
  private static final Envelope PAPER = new Envelope("text", Bytes.of(new byte[9]), List.of());

  private final SecureRandom secure = new SecureRandom();

  /** Two ways of speaking: the lengths of their words. */
  private enum Topic {
    SHORT_WORDS(1, 4),
    LONG_WORDS(8, 16);

    private final int from;
    private final int to;

    Topic(int from, int to) {
      this.from = from;
      this.to = to;
    }
  }

  /** A token in an event of fixed size around it. */
  private record Events(boolean streams) implements Format {
    @Override
    public byte[] piece(String piece) {
      return (piece + " ".repeat(EVENT_BYTES)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] end(String rest, Finish finish, Usage usage) {
      return (rest + finish.wire()).getBytes(StandardCharsets.UTF_8);
    }
  }

  @Test
  void atThePaceOfTheLeaseTopicsAreNotToldApart() {
    assertThat(areaUnderCurve(2)).isBetween(0.45, 0.55);
  }

  @Test
  void theClassifierTellsThemApartWhereFramesAreTooSlowForTheModel() {
    assertThat(areaUnderCurve(20)).isGreaterThan(0.75);
  }

  /** How well the number of frames tells the topics apart: 0.5 is a coin, 1 is certainty. */
  private double areaUnderCurve(int tokensPerFrame) {
    Random random = new Random(20_261_123);
    long[] shorts = frames(Topic.SHORT_WORDS, tokensPerFrame, random);
    long[] longs = frames(Topic.LONG_WORDS, tokensPerFrame, random);
    double wins = 0;
    for (long s : shorts) {
      for (long l : longs) {
        wins += l > s ? 1 : l == s ? 0.5 : 0;
      }
    }
    return wins / ((double) shorts.length * longs.length);
  }

  private long[] frames(Topic topic, int tokensPerFrame, Random random) {
    long[] counts = new long[ANSWERS];
    for (int i = 0; i < ANSWERS; i++) {
      counts[i] = frames(topic, 116 + random.nextInt(8), tokensPerFrame, random);
    }
    return counts;
  }

  /** Writes an answer as the model would, and counts the frames it leaves in. */
  private long frames(Topic topic, int tokens, int tokensPerFrame, Random random) {
    Tally tally = new Tally();
    tally.entered();
    AnswerStream answer =
        new AnswerStream(
            new ResponseWriter(SecretBytes.random(32, secure), ENC, FRAME_BYTES, secure),
            new Events(true),
            Delivery.STREAMED,
            () -> true,
            tally,
            (of, charged, finish) -> PAPER,
            () -> PAPER);
    int written = 0;
    long frames = 0;
    boolean finished = false;
    while (!answer.hasEnded()) {
      for (int t = 0; t < tokensPerFrame && written < tokens && answer.ready(); t++) {
        answer.text("w".repeat(random.nextInt(topic.from, topic.to)));
        written++;
      }
      if (written == tokens && !finished) {
        answer.finished(Finish.STOP, Vec.ZERO, new Usage(1, tokens));
        finished = true;
      }
      assertThat(answer.nextFrame()).hasSize(SEALED_FRAME);
      frames++;
    }
    return frames;
  }
}
