package dev.leasehold.models;

/** Rises in a straight line to {@code peak}, then falls along a cosine to {@code floor}. */
record LearningRate(float peak, float floor, int warmUp, int steps) {
  /** The rate of the given step; the first is 1. */
  float at(int step) {
    if (step <= warmUp) {
      return peak * step / warmUp;
    }
    double progress = (double) (step - warmUp) / Math.max(1, steps - warmUp);
    return (float) (floor + (peak - floor) * (1 + Math.cos(Math.PI * Math.min(1, progress))) / 2);
  }
}
