package dev.leasehold.models;

/**
 * Rises to {@code peak}, stays there, and falls along half a cosine wave in the last fifth of the
 * steps. Until it falls it does not depend on {@code steps}, so a run may decide late how long it
 * is and still be repeated by stating its steps.
 */
record LearningRate(float peak, int warmUp, int steps) {
  private static final int FALLING_PART = 5;
  private static final float LOWEST = 0.02f;

  /** The rate of the given step; the first is 1. */
  float at(int step) {
    if (step <= warmUp) {
      return peak * step / warmUp;
    }
    int fallsAfter = steps - steps / FALLING_PART;
    if (step <= fallsAfter) {
      return peak;
    }
    double progress = Math.min(1, (double) (step - fallsAfter) / (steps - fallsAfter));
    return (float) (peak * (LOWEST + (1 - LOWEST) * (1 + Math.cos(Math.PI * progress)) / 2));
  }

  /** The same rate so far, falling from the given step on or earlier. */
  LearningRate fallingAfter(int step) {
    return new LearningRate(
        peak, warmUp, Math.min(steps, step * FALLING_PART / (FALLING_PART - 1)));
  }

  /** The part of a run that comes before the rate falls. */
  static double risingPart() {
    return 1 - 1.0 / FALLING_PART;
  }
}
