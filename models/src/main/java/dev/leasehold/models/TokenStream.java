package dev.leasehold.models;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** A corpus as one run of tokens: each chapter between begin and end, its verses on lines. */
final class TokenStream {
  private final int[] tokens;
  private final int[] verseStarts;

  private TokenStream(int[] tokens, int[] verseStarts) {
    this.tokens = tokens;
    this.verseStarts = verseStarts;
  }

  static TokenStream of(Corpus corpus, Vocabulary vocabulary) {
    int[] lineBreak = vocabulary.encode("\n");
    IntStream.Builder tokens = IntStream.builder();
    IntStream.Builder starts = IntStream.builder();
    int at = 0;
    for (List<String> chapter : corpus.chapters()) {
      tokens.add(Vocabulary.BEGIN);
      at++;
      for (int verse = 0; verse < chapter.size(); verse++) {
        int[] words = vocabulary.encode(chapter.get(verse));
        int[] ending = verse + 1 < chapter.size() ? lineBreak : new int[] {Vocabulary.END};
        starts.add(at);
        IntStream.of(words).forEach(tokens);
        IntStream.of(ending).forEach(tokens);
        at += words.length + ending.length;
      }
    }
    return new TokenStream(tokens.build().toArray(), starts.build().toArray());
  }

  int size() {
    return tokens.length;
  }

  /**
   * A passage of {@code length + 1} tokens from the start of a verse on, after a begin token: what
   * a model sees when somebody asks it to continue a sentence.
   */
  private int[] passage(int start, int length) {
    int[] passage = new int[length + 1];
    passage[0] = Vocabulary.BEGIN;
    System.arraycopy(tokens, start, passage, 1, length);
    return passage;
  }

  int[][] randomPassages(int count, int length, RandomGenerator random) {
    int usable = usableStarts(length);
    return IntStream.range(0, count)
        .mapToObj(i -> passage(verseStarts[random.nextInt(usable)], length))
        .toArray(int[][]::new);
  }

  /** Evenly spread passages, the same on every call. */
  int[][] spreadPassages(int count, int length) {
    long usable = usableStarts(length);
    return IntStream.range(0, count)
        .mapToObj(i -> passage(verseStarts[(int) (usable * i / count)], length))
        .toArray(int[][]::new);
  }

  private int usableStarts(int length) {
    int usable =
        (int)
            Arrays.stream(verseStarts).takeWhile(start -> start + length <= tokens.length).count();
    if (usable == 0) {
      throw new IllegalArgumentException(
          "text: expected a verse with %d tokens after its start, found %d tokens in all"
              .formatted(length, tokens.length));
    }
    return usable;
  }
}
