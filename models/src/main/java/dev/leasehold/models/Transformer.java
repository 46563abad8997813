package dev.leasehold.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;

/** The Llama forward pass: pre-norm blocks of rotary self-attention and a gated feed-forward. */
final class Transformer {
  private final Architecture architecture;
  private final Weights weights;
  private final NDManager manager;

  /** Added to the scores: nothing for the past, minus a lot for the future. */
  private final NDArray causalMask;

  /** Swaps the two members of each pair and negates the first: a quarter turn. */
  private final NDArray quarterTurn;

  private final NDArray cosines;
  private final NDArray sines;

  Transformer(Architecture architecture, Weights weights, NDManager manager) {
    this.architecture = architecture;
    this.weights = weights;
    this.manager = manager;
    int context = architecture.context();
    int headWidth = architecture.headWidth();
    float[] mask = new float[context * context];
    float[] cos = new float[context * headWidth];
    float[] sin = new float[context * headWidth];
    for (int position = 0; position < context; position++) {
      for (int later = position + 1; later < context; later++) {
        mask[position * context + later] = -1e9f;
      }
      for (int i = 0; i < headWidth; i++) {
        // GGUF's "llama" turns neighbours (2j, 2j+1) together, so both share pair j's angle.
        double frequency = Math.pow(Architecture.ROPE_BASE, -(double) (i / 2 * 2) / headWidth);
        cos[position * headWidth + i] = (float) Math.cos(position * frequency);
        sin[position * headWidth + i] = (float) Math.sin(position * frequency);
      }
    }
    float[] turn = new float[headWidth * headWidth];
    for (int i = 0; i < headWidth; i += 2) {
      turn[(i + 1) * headWidth + i] = -1;
      turn[i * headWidth + i + 1] = 1;
    }
    causalMask = manager.create(mask, new Shape(context, context));
    cosines = manager.create(cos, new Shape(context, headWidth));
    sines = manager.create(sin, new Shape(context, headWidth));
    quarterTurn = manager.create(turn, new Shape(headWidth, headWidth));
  }

  Architecture architecture() {
    return architecture;
  }

  /** The mean loss, in nats a token, of predicting each passage's next tokens. */
  NDArray loss(int[][] passages) {
    int context = architecture.context();
    long[] targets = new long[passages.length * context];
    for (int row = 0; row < passages.length; row++) {
      for (int i = 0; i < context; i++) {
        targets[row * context + i] = passages[row][i + 1];
      }
    }
    NDArray wanted = manager.create(targets, new Shape(targets.length, 1));
    return logits(passages).logSoftmax(1).gather(wanted, 1).mean().neg();
  }

  /** Scores of every next token: one row for each of the context's positions of each passage. */
  NDArray logits(int[][] passages) {
    NDArray embedding = weights.get(Architecture.EMBEDDING);
    NDArray tokens = tokens(passages);
    NDArray stream =
        tokens
            .getNDArrayInternal()
            .embedding(tokens, embedding, SparseFormat.DENSE)
            .singletonOrThrow()
            .reshape(-1, architecture.width());
    for (int layer = 0; layer < architecture.layers(); layer++) {
      stream = stream.add(attention(layer, norm(stream, Architecture.block(layer, "attn_norm"))));
      stream = stream.add(feedForward(layer, norm(stream, Architecture.block(layer, "ffn_norm"))));
    }
    return norm(stream, Architecture.OUTPUT_NORM).matMul(embedding.transpose());
  }

  private NDArray tokens(int[][] passages) {
    int context = architecture.context();
    long[] inputs = new long[passages.length * context];
    for (int row = 0; row < passages.length; row++) {
      for (int i = 0; i < context; i++) {
        inputs[row * context + i] = passages[row][i];
      }
    }
    return manager.create(inputs, new Shape(passages.length, context));
  }

  private NDArray norm(NDArray x, String name) {
    NDArray power = x.square().mean(new int[] {-1}, true).add(Architecture.NORM_EPSILON);
    return x.div(power.sqrt()).mul(weights.get(name));
  }

  private NDArray attention(int layer, NDArray x) {
    NDArray query = rotate(heads(project(x, layer, "attn_q")));
    NDArray key = rotate(heads(project(x, layer, "attn_k")));
    NDArray value = heads(project(x, layer, "attn_v"));
    NDArray scores = query.mul(1 / Math.sqrt(architecture.headWidth())).matMul(key.swapAxes(2, 3));
    NDArray mixed = scores.add(causalMask).softmax(-1).matMul(value);
    NDArray joined = mixed.swapAxes(1, 2).reshape(-1, architecture.width());
    return project(joined, layer, "attn_output");
  }

  private NDArray feedForward(int layer, NDArray x) {
    NDArray gate = project(x, layer, "ffn_gate").getNDArrayInternal().swish(1);
    return project(gate.mul(project(x, layer, "ffn_up")), layer, "ffn_down");
  }

  private NDArray project(NDArray x, int layer, String part) {
    return x.matMul(weights.get(Architecture.block(layer, part)).transpose());
  }

  /** (passage and position, width) to (passage, head, position, head width). */
  private NDArray heads(NDArray x) {
    return x.reshape(-1, architecture.context(), architecture.heads(), architecture.headWidth())
        .swapAxes(1, 2);
  }

  private NDArray rotate(NDArray x) {
    return x.mul(cosines).add(x.matMul(quarterTurn).mul(sines));
  }
}
