package dev.leasehold.core.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Malformed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A megabyte that is nothing, in the ways that cost a careless parser most. */
public final class Garbage {
  private static final int BYTES = 1 << 20;
  private static final Duration AT_ONCE = Duration.ofMillis(50);
  private static final int TRIES = 40;

  private Garbage() {}

  /** Parses garbage. */
  @FunctionalInterface
  public interface Parse {
    Object parse() throws Malformed;
  }

  /** Noise, fillings, nested brackets, an endless string, and noise that begins like the valid. */
  public static List<byte[]> samples(byte[] valid) {
    byte[] noise = new byte[BYTES];
    new Random(20_261_123).nextBytes(noise);
    byte[] begun = noise.clone();
    System.arraycopy(valid, 0, begun, 0, Math.min(valid.length / 2, BYTES));
    List<byte[]> out = new ArrayList<>(List.of(noise, begun));
    for (int fill : new int[] {0x00, 0xff, 0x0a, 0x80, '{', '[', '"'}) {
      byte[] filled = new byte[BYTES];
      Arrays.fill(filled, (byte) fill);
      out.add(filled);
    }
    out.add(filled("{\"a\":\""));
    out.add(filled("{\"message\":["));
    return out;
  }

  /** Refused as malformed; the fastest of some tries counts, for the machine may be busy. */
  public static void refusedAtOnce(Parse parse) {
    Duration best = Duration.ofDays(1);
    for (int i = 0; i < TRIES && best.compareTo(AT_ONCE) >= 0; i++) {
      long start = System.nanoTime();
      boolean refused = false;
      try {
        parse.parse();
      } catch (Malformed e) {
        refused = true;
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      assertThat(refused).isTrue();
      best = took.compareTo(best) < 0 ? took : best;
    }
    assertThat(best).isLessThan(AT_ONCE);
  }

  /** Understood, or refused with a word on what was expected; never anything else. */
  public static void parsedOrMalformed(Parse parse) {
    try {
      assertThat(parse.parse()).isNotNull();
    } catch (Malformed e) {
      assertThat(e.expected()).isNotEmpty();
    }
  }

  private static byte[] filled(String begin) {
    byte[] out = new byte[BYTES];
    Arrays.fill(out, (byte) '1');
    byte[] start = begin.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(start, 0, out, 0, start.length);
    return out;
  }
}
