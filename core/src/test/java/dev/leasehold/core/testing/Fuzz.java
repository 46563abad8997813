package dev.leasehold.core.testing;

import java.util.Arrays;
import java.util.Random;

/** Seeded mutations: the same inputs in every run, more of them in the nightly one. */
public final class Fuzz {
  private Fuzz() {}

  /** One mutated input is tried; anything it throws fails the test. */
  @FunctionalInterface
  public interface Trial {
    void run(byte[] input) throws Exception;
  }

  public static int scaled(int count) {
    return Scale.NIGHTLY ? 50 * count : count;
  }

  /** A copy with one bit changed in this byte. */
  public static byte[] flipped(byte[] bytes, int at) {
    byte[] out = bytes.clone();
    out[at] ^= (byte) (1 << at % 8);
    return out;
  }

  /** Flips, cuts, repeats and overwrites parts of a valid input. */
  public static void mutate(long seed, byte[] valid, int count, Trial trial) throws Exception {
    Random random = new Random(seed);
    for (int i = 0; i < scaled(count); i++) {
      byte[] input = mutated(valid, random);
      try {
        trial.run(input);
      } catch (Exception | Error e) {
        throw new AssertionError("seed " + seed + ", input " + i, e);
      }
    }
  }

  /** A copy with one to three such edits. */
  public static byte[] mutated(byte[] valid, Random random) {
    byte[] out = valid.clone();
    for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
      out = edit(random, out);
    }
    return out;
  }

  private static byte[] edit(Random random, byte[] in) {
    if (in.length == 0) {
      return new byte[random.nextInt(8)];
    }
    int at = random.nextInt(in.length);
    byte[] out = in.clone();
    switch (random.nextInt(5)) {
      case 0 -> out[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> out[at] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
      case 2 -> out = Arrays.copyOf(in, at);
      case 3 -> {
        out = Arrays.copyOf(in, in.length + 1 + random.nextInt(40));
        System.arraycopy(in, at, out, in.length, Math.min(in.length - at, out.length - in.length));
      }
      default -> {
        int from = random.nextInt(in.length);
        int n = Math.min(4, in.length - Math.max(at, from));
        System.arraycopy(in, from, out, at, n);
      }
    }
    return out;
  }
}
