package dev.leasehold.models;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The sizes of a Llama-style transformer. Tensors have the names and the shapes (rows, columns)
 * they have in GGUF; there is no output matrix, since the embedding serves as one.
 */
record Architecture(int vocabulary, int context, int width, int layers, int heads, int hidden) {
  static final String EMBEDDING = "token_embd.weight";
  static final String OUTPUT_NORM = "output_norm.weight";
  static final float NORM_EPSILON = 1e-5f;
  static final float ROPE_BASE = 10_000f;

  Architecture {
    if (width % (2 * heads) != 0) {
      throw new IllegalArgumentException(
          "width: expected a multiple of twice the %d heads, found %d".formatted(heads, width));
    }
  }

  int headWidth() {
    return width / heads;
  }

  static String block(int layer, String part) {
    return "blk.%d.%s.weight".formatted(layer, part);
  }

  SequencedMap<String, long[]> tensors() {
    SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put(EMBEDDING, new long[] {vocabulary, width});
    for (int layer = 0; layer < layers; layer++) {
      shapes.put(block(layer, "attn_norm"), new long[] {width});
      shapes.put(block(layer, "attn_q"), new long[] {width, width});
      shapes.put(block(layer, "attn_k"), new long[] {width, width});
      shapes.put(block(layer, "attn_v"), new long[] {width, width});
      shapes.put(block(layer, "attn_output"), new long[] {width, width});
      shapes.put(block(layer, "ffn_norm"), new long[] {width});
      shapes.put(block(layer, "ffn_gate"), new long[] {hidden, width});
      shapes.put(block(layer, "ffn_up"), new long[] {hidden, width});
      shapes.put(block(layer, "ffn_down"), new long[] {width, hidden});
    }
    shapes.put(OUTPUT_NORM, new long[] {width});
    return shapes;
  }

  long parameters() {
    return tensors().values().stream().mapToLong(Architecture::count).sum();
  }

  static long count(long[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
