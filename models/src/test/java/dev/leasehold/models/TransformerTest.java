package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Needs PyTorch's native code, which only {@code -Ptrain} brings. */
class TransformerTest {
  private final Vocabulary vocabulary = new Vocabulary(List.of());
  private final Architecture architecture = new Architecture(vocabulary.size(), 24, 16, 2, 2, 24);
  private final SplittableRandom random = new SplittableRandom(3);

  @BeforeEach
  void needsTheEngine() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    assumeThat(Engine.getAllEngines())
        .as("PyTorch is not on the class path: run with -Ptrain")
        .contains("PyTorch");
  }

  @Test
  void agreesWithTheReference() {
    try (NDManager manager = Engine.getEngine("PyTorch").newBaseManager()) {
      Weights weights = Weights.random(architecture, manager, random);
      int[] passage = random.ints(architecture.context() + 1, 0, vocabulary.size()).toArray();
      float[] logits =
          new Transformer(architecture, weights, manager)
              .logits(new int[][] {passage})
              .toFloatArray();

      ReferenceLlama reference = new ReferenceLlama(architecture, weights.values());
      for (int i = 0; i < architecture.context(); i++) {
        assertThat(Arrays.copyOfRange(logits, i * vocabulary.size(), (i + 1) * vocabulary.size()))
            .as("position %d", i)
            .containsExactly(reference.next(passage[i]), within(1e-4f));
      }
    }
  }

  @Test
  void learnsARepeatedText() {
    Corpus corpus =
        new Corpus(Stream.generate(() -> List.of("the lamb", "the lion")).limit(20).toList());
    TokenStream text = TokenStream.of(corpus, vocabulary);
    Engine engine = Engine.getEngine("PyTorch");
    try (NDManager manager = engine.newBaseManager()) {
      Weights weights = Weights.random(architecture, manager, random);
      Transformer transformer = new Transformer(architecture, weights, manager);
      Training training =
          new Training(engine, transformer, new AdamW(weights, manager), text, text, 4, random);
      float first = training.heldOutLoss();
      IntStream.rangeClosed(1, 80).forEach(step -> training.step(step, 1e-2f));

      assertThat(training.heldOutLoss()).isLessThan(first / 4);
      // A space is three bytes here, for want of a piece: eleven tokens are a line.
      assertThat(new Continuation(transformer, vocabulary).of("the lamb", 11))
          .isEqualTo("the lamb\nthe lion");
    }
  }
}
