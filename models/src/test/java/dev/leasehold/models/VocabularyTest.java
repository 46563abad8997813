package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VocabularyTest {
  private static final String TEXT =
      "In the beginning God created the heaven and the earth. And the earth was without form, and"
          + " void; and darkness was upon the face of the deep. And the Spirit of God moved upon"
          + " the face of the waters. And God said, Let there be light: and there was light.";

  private final Vocabulary vocabulary = VocabularyTrainer.train(Stream.of(TEXT), 360);

  @ParameterizedTest
  @ValueSource(
      strings = {
        TEXT,
        "",
        " ",
        "  two  spaces ",
        "a line\nand another \n",
        "don't (shout)!",
        "Zürich 東京 \uD83D\uDE00"
      })
  void decodesToWhatWasEncoded(String text) {
    assertThat(vocabulary.decode(vocabulary.encode(text))).isEqualTo(text);
  }

  @Test
  void spellsUnknownCharactersInBytes() {
    assertThat(vocabulary.encode("ü\n"))
        .containsExactly(
            Vocabulary.FIRST_BYTE + 0xC3,
            Vocabulary.FIRST_BYTE + 0xBC,
            Vocabulary.FIRST_BYTE + '\n');
  }

  @Test
  void learnsTheMostFrequentPairsFirst() {
    Vocabulary learnt = VocabularyTrainer.train(Stream.of("abab ab cd"), 265);

    assertThat(learnt.pieces()).containsExactly("ab", "a", "b", "c", "d", "▁");
  }

  /** An engine cuts the whole prompt at once; cutting it word by word must not differ. */
  @Test
  void cutsAWholeTextAsItCutsItsWords() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 300; i++) {
      String text =
          random
              .ints(40, 0, TEXT.length())
              .mapToObj(at -> TEXT.substring(at, Math.min(TEXT.length(), at + 1 + at % 5)))
              .collect(Collectors.joining());
      assertThat(vocabulary.encode(text))
          .as(text)
          .isEqualTo(vocabulary.cut(text.replace(' ', Vocabulary.SPACE)));
    }
  }

  @Test
  void isTheSameForTheSameText() {
    assertThat(VocabularyTrainer.train(Stream.of(TEXT), 360).pieces())
        .isEqualTo(vocabulary.pieces());
    assertThat(vocabulary.size()).isEqualTo(360);
  }

  @Test
  void refusesASizeThatCannotHoldTheCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VocabularyTrainer.train(Stream.of("abc"), 261))
        .withMessageContaining("at least 262 tokens, found 261");
  }
}
