package dev.leasehold.models;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Steps of gradient descent on random passages, and the loss on passages never trained on. */
final class Training {
  private static final int HELD_OUT_BATCHES = 6;

  private final Engine engine;
  private final Transformer transformer;
  private final AdamW optimizer;
  private final TokenStream text;
  private final TokenStream heldOut;
  private final int batch;
  private final RandomGenerator random;

  Training(
      Engine engine,
      Transformer transformer,
      AdamW optimizer,
      TokenStream text,
      TokenStream heldOut,
      int batch,
      RandomGenerator random) {
    this.engine = engine;
    this.transformer = transformer;
    this.optimizer = optimizer;
    this.text = text;
    this.heldOut = heldOut;
    this.batch = batch;
    this.random = random;
  }

  int tokens() {
    return text.size();
  }

  /** Takes the given step, the first being 1, and returns the loss before it. */
  float step(int step, float learningRate) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      float loss;
      try (GradientCollector collector = engine.newGradientCollector()) {
        NDArray mean =
            transformer.loss(
                text.randomPassages(batch, transformer.architecture().context(), random));
        collector.backward(mean);
        loss = mean.getFloat();
      }
      optimizer.step(step, learningRate);
      return loss;
    }
  }

  float heldOutLoss() {
    int[][] passages =
        heldOut.spreadPassages(HELD_OUT_BATCHES * batch, transformer.architecture().context());
    float sum = 0;
    for (int i = 0; i < HELD_OUT_BATCHES; i++) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        int[][] part = Arrays.copyOfRange(passages, i * batch, (i + 1) * batch);
        sum += transformer.loss(part).getFloat();
      }
    }
    return sum / HELD_OUT_BATCHES;
  }
}
