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
  private final int tokensPerStep;
  private final Instant began;
  private float losses;

  Progress(PrintWriter log, InstantSource clock, int tokensPerStep) {
    this.log = log;
    this.clock = clock;
    this.tokensPerStep = tokensPerStep;
    this.began = clock.instant();
  }

  double minutes() {
    return Duration.between(began, clock.instant()).toMillis() / 60e3;
  }

  /** To be told of every step, the first being 1, and of how many there will be. */
  void step(int step, int steps, float loss) {
    losses += loss;
    if (step % REPORT_EVERY == 0) {
      double minutes = Math.max(1e-3, minutes());
      say(
          "step %5d/%d  loss %.3f  %,7.0f tokens/s  ETA %4.1f min",
          step,
          steps,
          losses / REPORT_EVERY,
          step / minutes * tokensPerStep / 60,
          minutes / step * (steps - step));
      losses = 0;
    }
  }

  void say(String format, Object... arguments) {
    log.printf(format + "%n", arguments);
    log.flush();
  }
}
