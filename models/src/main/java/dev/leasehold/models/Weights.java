package dev.leasehold.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;

/** The trainable tensors of a transformer, by GGUF name. */
record Weights(SequencedMap<String, NDArray> tensors) {
  private static final double INITIAL_DEVIATION = 0.05;

  /**
   * Fresh weights: norms are ones, matrices are normal. Matrices that write into the residual
   * stream are smaller the more of them add up.
   */
  static Weights random(Architecture architecture, NDManager manager, RandomGenerator random) {
    double residual = INITIAL_DEVIATION / Math.sqrt(2.0 * architecture.layers());
    SequencedMap<String, NDArray> tensors = new LinkedHashMap<>();
    architecture
        .tensors()
        .forEach((name, shape) -> {
          boolean writes = name.contains("attn_output") || name.contains("ffn_down");
          float[] values =
              shape.length == 1
                  ? ones(shape[0])
                  : normal(shape[0] * shape[1], writes ? residual : INITIAL_DEVIATION, random);
          NDArray tensor = manager.create(values, new Shape(shape));
          tensor.setRequiresGradient(true);
          tensors.put(name, tensor);
        });
    return new Weights(tensors);
  }

  NDArray get(String name) {
    NDArray tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor is named " + name);
    }
    return tensor;
  }

  /** The values, row after row. */
  SequencedMap<String, float[]> values() {
    SequencedMap<String, float[]> values = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> values.put(name, tensor.toFloatArray()));
    return values;
  }

  private static float[] ones(long count) {
    float[] values = new float[Math.toIntExact(count)];
    Arrays.fill(values, 1);
    return values;
  }

  private static float[] normal(long count, double deviation, RandomGenerator random) {
    float[] values = new float[Math.toIntExact(count)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian(0, deviation);
    }
    return values;
  }
}
