package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CorpusTest {
  @Test
  void groupsVersesByChapterWithoutTheirReferences() {
    Corpus corpus =
        Corpus.parse(
            List.of(
                "Ge1:1 In the beginning",
                "Ge1:2 And the earth.  And the Spirit",
                "Ge2:1 Thus the heavens",
                "2Jn1:1 The elder"));

    assertThat(corpus.chapters())
        .containsExactly(
            List.of("In the beginning", "And the earth. And the Spirit"),
            List.of("Thus the heavens"),
            List.of("The elder"));
  }

  @Test
  void namesTheLineWithoutReference() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Corpus.parse(List.of("Ge1:1 In the beginning", "Genesis")))
        .withMessageContaining("line 2")
        .withMessageContaining("\"Genesis\"");
  }

  @Test
  void holdsOutWhatIsNotTrainedOn() {
    Corpus corpus =
        Corpus.parse(
            IntStream.range(1, 101).mapToObj(i -> "Psa%d:1 Psalm %d".formatted(i, i)).toList());
    List<String> training = corpus.training().verses().toList();
    List<String> heldOut = corpus.heldOut().verses().toList();

    assertThat(heldOut).hasSize(3);
    assertThat(training).hasSize(97);
    assertThat(Stream.concat(training.stream(), heldOut.stream()))
        .containsExactlyInAnyOrderElementsOf(corpus.verses().toList());
  }
}
