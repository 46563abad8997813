package dev.leasehold.models;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Byte-pair encoding: joins the most frequent neighbours until the vocabulary is full. */
final class VocabularyTrainer {
  private record Pair(String left, String right) {
    String joined() {
      return left + right;
    }
  }

  /** A distinct word, how often it occurs, and the parts it is cut into so far. */
  private record Word(List<String> parts, long count) {
    Stream<Pair> pairs() {
      return Stream.iterate(0, i -> i + 1 < parts.size(), i -> i + 1)
          .map(i -> new Pair(parts.get(i), parts.get(i + 1)));
    }

    int find(Pair pair, int from) {
      for (int i = from; i + 1 < parts.size(); i++) {
        if (parts.get(i).equals(pair.left) && parts.get(i + 1).equals(pair.right)) {
          return i;
        }
      }
      return -1;
    }

    void join(Pair pair) {
      for (int i = find(pair, 0); i >= 0; i = find(pair, i + 1)) {
        parts.set(i, pair.joined());
        parts.remove(i + 1);
      }
    }
  }

  private final List<Word> words;
  private final TreeSet<String> characters = new TreeSet<>();
  private final Map<Pair, Long> counts = new HashMap<>();

  private VocabularyTrainer(Map<String, Long> wordCounts) {
    words =
        wordCounts.entrySet().stream()
            .map(entry -> new Word(characters(entry.getKey()), entry.getValue()))
            .toList();
    words.forEach(word -> characters.addAll(word.parts));
    words.forEach(word -> count(word, word.count));
  }

  /** Learns at most {@code size} tokens, the control tokens and the 256 bytes included. */
  static Vocabulary train(Stream<String> texts, int size) {
    return new VocabularyTrainer(
            texts
                .flatMap(Vocabulary::words)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting())))
        .train(size);
  }

  private Vocabulary train(int size) {
    // Single characters come last: they are never the result of a join, so their score is idle.
    int joins = size - Vocabulary.FIRST_PIECE - characters.size();
    if (joins < 0) {
      throw new IllegalArgumentException(
          "vocabulary: expected at least %d tokens, found %d; the text alone has %d characters"
              .formatted(size - joins, size, characters.size()));
    }
    List<String> pieces = new ArrayList<>();
    for (Optional<Pair> best = best(); pieces.size() < joins && best.isPresent(); best = best()) {
      join(best.get());
      // The same text can come from two different pairs; it is one piece.
      if (!pieces.contains(best.get().joined())) {
        pieces.add(best.get().joined());
      }
    }
    pieces.addAll(characters);
    return new Vocabulary(pieces);
  }

  private Optional<Pair> best() {
    return counts.entrySet().stream()
        .max(
            Comparator.<Map.Entry<Pair, Long>>comparingLong(Map.Entry::getValue)
                .thenComparing(entry -> entry.getKey().left)
                .thenComparing(entry -> entry.getKey().right))
        .map(Map.Entry::getKey);
  }

  private void join(Pair pair) {
    for (Word word : words) {
      if (word.find(pair, 0) >= 0) {
        count(word, -word.count);
        word.join(pair);
        count(word, word.count);
      }
    }
  }

  private void count(Word word, long weight) {
    word.pairs().forEach(pair -> counts.merge(pair, weight, VocabularyTrainer::sumOrNothing));
  }

  private static @Nullable Long sumOrNothing(long a, long b) {
    return a + b == 0 ? null : a + b;
  }

  private static List<String> characters(String word) {
    return word.codePoints()
        .mapToObj(Character::toString)
        .collect(Collectors.toCollection(ArrayList::new));
  }
}
