package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TokenStreamTest {
  private final Vocabulary bytes = new Vocabulary(List.of());
  private final Corpus corpus = new Corpus(List.of(List.of("one", "two"), List.of("three")));
  private final TokenStream stream = TokenStream.of(corpus, bytes);

  @Test
  void putsChaptersBetweenBeginAndEndAndVersesOnLines() {
    assertThat(stream.size()).isEqualTo(1 + "one\ntwo".length() + 2 + "three".length() + 1);

    int[] passage = stream.spreadPassages(1, stream.size() - 1)[0];
    assertThat(bytes.decode(passage)).isEqualTo("one\ntwothree");
    assertThat(passage).startsWith(Vocabulary.BEGIN).endsWith(Vocabulary.END);
  }

  @Test
  void startsEveryPassageWithAVerse() {
    assertThat(List.of(stream.randomPassages(20, 4, new SplittableRandom(1))))
        .hasSize(20)
        .allSatisfy(passage -> {
          assertThat(passage).hasSize(5).startsWith(Vocabulary.BEGIN);
          assertThat(bytes.decode(passage)).isIn("one\n", "two", "thre");
        });
  }

  @Test
  void drawsTheSamePassagesFromTheSameSeed() {
    assertThat(stream.randomPassages(9, 4, new SplittableRandom(7)))
        .isDeepEqualTo(stream.randomPassages(9, 4, new SplittableRandom(7)));
  }

  @Test
  void refusesATextShorterThanAPassage() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> stream.spreadPassages(1, 100))
        .withMessageContaining("100 tokens")
        .withMessageContaining("found " + stream.size());
  }
}
