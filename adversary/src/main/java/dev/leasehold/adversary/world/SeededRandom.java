package dev.leasehold.adversary.world;

import java.security.SecureRandom;
import java.util.Random;

/** Randomness that is the same in every run of one seed: for identifiers and nonces of a test. */
public final class SeededRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final Random random;

  public SeededRandom(long seed) {
    super(null, null);
    this.random = new Random(seed);
  }

  @Override
  public void nextBytes(byte[] bytes) {
    random.nextBytes(bytes);
  }
}
