package dev.leasehold.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.Map;

/** Adam with decoupled weight decay, after clipping the gradient's length over all tensors. */
final class AdamW {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.98f;
  private static final float EPSILON = 1e-8f;
  private static final float WEIGHT_DECAY = 0.1f;
  private static final float LONGEST_GRADIENT = 1;

  /** The running mean and mean square of a tensor's gradient. */
  private record Moments(NDArray mean, NDArray square) {}

  private final Weights weights;
  private final Map<String, Moments> moments = new HashMap<>();

  AdamW(Weights weights, NDManager manager) {
    this.weights = weights;
    weights
        .tensors()
        .forEach((name, tensor) ->
            moments.put(
                name,
                new Moments(manager.zeros(tensor.getShape()), manager.zeros(tensor.getShape()))));
  }

  /** Moves the weights against their gradients, which it clears. The first step is 1. */
  void step(int step, float learningRate) {
    float scale = clip();
    double correction = Math.sqrt(1 - Math.pow(BETA2, step)) / (1 - Math.pow(BETA1, step));
    weights
        .tensors()
        .forEach((name, tensor) -> update(name, tensor, learningRate, correction, scale));
  }

  private void update(
      String name, NDArray tensor, float learningRate, double correction, float scale) {
    Moments moment = moments.get(name);
    if (moment == null) {
      throw new IllegalStateException("tensor " + name + " was added after the optimizer was made");
    }
    boolean matrix = tensor.getShape().dimension() > 1;
    tensor
        .getNDArrayInternal()
        .adamUpdate(
            new NDList(tensor, tensor.getGradient(), moment.mean, moment.square),
            new NDList(tensor),
            learningRate,
            (float) (learningRate * correction),
            matrix ? WEIGHT_DECAY : 0,
            scale,
            -1,
            BETA1,
            BETA2,
            EPSILON,
            false,
            true);
  }

  private float clip() {
    double squares = 0;
    for (NDArray tensor : weights.tensors().values()) {
      squares += tensor.getGradient().square().sum().getFloat();
    }
    return (float) Math.min(1, LONGEST_GRADIENT / Math.sqrt(squares));
  }
}
