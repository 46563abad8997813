package dev.leasehold.models;

import ai.djl.ndarray.NDScope;
import java.util.Arrays;

/** Continues a prompt with the likeliest token each time, as an engine does at temperature 0. */
final class Continuation {
  private final Transformer transformer;
  private final Vocabulary vocabulary;

  Continuation(Transformer transformer, Vocabulary vocabulary) {
    this.transformer = transformer;
    this.vocabulary = vocabulary;
  }

  /** At most {@code count} tokens more, fewer where the model ends the text. */
  String of(String prompt, int count) {
    int[] start = vocabulary.encode(prompt);
    int context = transformer.architecture().context();
    int limit = Math.min(context, 1 + start.length + count);
    int[] tokens = new int[context];
    tokens[0] = Vocabulary.BEGIN;
    System.arraycopy(start, 0, tokens, 1, start.length);
    int length = 1 + start.length;
    while (length < limit) {
      int next = likeliest(tokens, length - 1);
      if (next == Vocabulary.END) {
        break;
      }
      tokens[length++] = next;
    }
    return vocabulary.decode(Arrays.copyOf(tokens, length));
  }

  /** What follows the given position; the padding after it is in the future and so unseen. */
  private int likeliest(int[] tokens, int position) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return Math.toIntExact(
          transformer.logits(new int[][] {tokens}).get(position).argMax().getLong());
    }
  }
}
