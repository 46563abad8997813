package dev.leasehold.models;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Says every few steps how a run is doing: loss, speed, time left. */
final class Progress {
  private static final int REPORT_EVERY = 20;

  private final PrintWriter log;
  private final InstantSource clock;
  private final int steps;
  private final int tokensPerStep;
  private final Instant began;
  private float losses;

  Progress(PrintWriter log, InstantSource clock, int steps, int tokensPerStep) {
    this.log = log;
    this.clock = clock;
    this.steps = steps;
    this.tokensPerStep = tokensPerStep;
    this.began = clock.instant();
  }

  Duration elapsed() {
    return Duration.between(began, clock.instant());
  }

  /** To be told of every step, the first being 1. */
  void step(int step, float loss) {
    losses += loss;
    if (step % REPORT_EVERY == 0) {
      double seconds = Math.max(1e-3, elapsed().toMillis() / 1e3);
      say(
          "step %5d/%d  loss %.3f  %,7.0f tokens/s  ETA %4.1f min",
          step,
          steps,
          losses / REPORT_EVERY,
          step * (double) tokensPerStep / seconds,
          seconds / step * (steps - step) / 60);
      losses = 0;
    }
  }

  void say(String format, Object... arguments) {
    log.printf(format + "%n", arguments);
    log.flush();
  }
}
