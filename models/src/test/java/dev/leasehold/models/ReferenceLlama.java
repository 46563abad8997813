package dev.leasehold.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The Llama forward pass in plain loops, one token at a time: what any engine should compute. */
final class ReferenceLlama {
  private final Architecture architecture;
  private final Map<String, float[]> values;
  private final Map<Integer, List<float[]>> keys = new HashMap<>();
  private final Map<Integer, List<float[]>> pasts = new HashMap<>();
  private int position;

  ReferenceLlama(Architecture architecture, Map<String, float[]> values) {
    this.architecture = architecture;
    this.values = values;
  }

  /** Reads the next token and scores what may follow it. */
  float[] next(int token) {
    float[] embedding = tensor(Architecture.EMBEDDING);
    int width = architecture.width();
    float[] stream = Arrays.copyOfRange(embedding, token * width, (token + 1) * width);
    for (int layer = 0; layer < architecture.layers(); layer++) {
      add(stream, attention(layer, norm(stream, Architecture.block(layer, "attn_norm"))));
      add(stream, feedForward(layer, norm(stream, Architecture.block(layer, "ffn_norm"))));
    }
    position++;
    return times(embedding, norm(stream, Architecture.OUTPUT_NORM));
  }

  private float[] attention(int layer, float[] x) {
    List<float[]> layerKeys = keys.computeIfAbsent(layer, _ -> new ArrayList<>());
    List<float[]> layerPast = pasts.computeIfAbsent(layer, _ -> new ArrayList<>());
    float[] query = rotate(project(layer, "attn_q", x));
    layerKeys.add(rotate(project(layer, "attn_k", x)));
    layerPast.add(project(layer, "attn_v", x));
    float[] mixed = new float[x.length];
    int headWidth = architecture.headWidth();
    for (int from = 0; from < x.length; from += headWidth) {
      double[] shares = new double[layerKeys.size()];
      double total = 0;
      for (int t = 0; t < shares.length; t++) {
        double score = 0;
        for (int i = from; i < from + headWidth; i++) {
          score += query[i] * layerKeys.get(t)[i];
        }
        shares[t] = Math.exp(score / Math.sqrt(headWidth));
        total += shares[t];
      }
      for (int t = 0; t < shares.length; t++) {
        for (int i = from; i < from + headWidth; i++) {
          mixed[i] += (float) (shares[t] / total * layerPast.get(t)[i]);
        }
      }
    }
    return project(layer, "attn_output", mixed);
  }

  private float[] feedForward(int layer, float[] x) {
    float[] gate = project(layer, "ffn_gate", x);
    float[] up = project(layer, "ffn_up", x);
    for (int i = 0; i < gate.length; i++) {
      gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i])) * up[i]);
    }
    return project(layer, "ffn_down", gate);
  }

  private float[] rotate(float[] x) {
    int headWidth = architecture.headWidth();
    float[] turned = new float[x.length];
    for (int i = 0; i < x.length; i += 2) {
      double angle =
          position / Math.pow(Architecture.ROPE_BASE, (double) (i % headWidth) / headWidth);
      turned[i] = (float) (x[i] * Math.cos(angle) - x[i + 1] * Math.sin(angle));
      turned[i + 1] = (float) (x[i] * Math.sin(angle) + x[i + 1] * Math.cos(angle));
    }
    return turned;
  }

  private float[] norm(float[] x, String name) {
    double squares = 0;
    for (float value : x) {
      squares += value * value;
    }
    double scale = 1 / Math.sqrt(squares / x.length + Architecture.NORM_EPSILON);
    float[] weight = tensor(name);
    float[] normed = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      normed[i] = (float) (x[i] * scale * weight[i]);
    }
    return normed;
  }

  private float[] project(int layer, String part, float[] x) {
    return times(tensor(Architecture.block(layer, part)), x);
  }

  private static float[] times(float[] matrix, float[] x) {
    float[] product = new float[matrix.length / x.length];
    for (int row = 0; row < product.length; row++) {
      float sum = 0;
      for (int i = 0; i < x.length; i++) {
        sum += matrix[row * x.length + i] * x[i];
      }
      product[row] = sum;
    }
    return product;
  }

  private static void add(float[] sum, float[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }

  private float[] tensor(String name) {
    return values.getOrDefault(name, new float[0]);
  }
}
