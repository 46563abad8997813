package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.leasehold.models.GgufWriter.NumberFormat;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LanguageModelFileTest {
  private final Vocabulary vocabulary = VocabularyTrainer.train(Stream.of("the thin then"), 270);
  private final Architecture architecture = new Architecture(vocabulary.size(), 16, 8, 2, 2, 12);
  private final Map<String, float[]> values = new HashMap<>();

  LanguageModelFileTest() {
    architecture
        .tensors()
        .forEach((name, shape) -> values.put(name, new float[(int) Architecture.count(shape)]));
  }

  @Test
  void describesTheArchitecture() {
    GgufReader file = read(NumberFormat.F16);

    assertThat(file.metadata)
        .containsEntry("general.architecture", "llama")
        .containsEntry("general.name", "tiny")
        .containsEntry("general.file_type", 1)
        .containsEntry("llama.vocab_size", vocabulary.size())
        .containsEntry("llama.context_length", 16)
        .containsEntry("llama.embedding_length", 8)
        .containsEntry("llama.block_count", 2)
        .containsEntry("llama.feed_forward_length", 12)
        .containsEntry("llama.attention.head_count", 2)
        .containsEntry("llama.attention.head_count_kv", 2)
        .containsEntry("llama.rope.dimension_count", 4);
  }

  @Test
  void givesEachTokenItsTextScoreAndKind() {
    GgufReader file = read(NumberFormat.F32);
    int size = vocabulary.size();

    assertThat(file.list("tokenizer.ggml.tokens")).hasSize(size).doesNotHaveDuplicates();
    assertThat(file.list("tokenizer.ggml.tokens").subList(0, 4))
        .isEqualTo(List.of("<unk>", "<s>", "</s>", "<0x00>"));
    assertThat(file.list("tokenizer.ggml.token_type").subList(0, 4)).isEqualTo(List.of(2, 3, 3, 6));
    assertThat(file.list("tokenizer.ggml.tokens").subList(259, size))
        .isEqualTo(vocabulary.pieces());
    assertThat(file.list("tokenizer.ggml.scores").subList(259, 262))
        .isEqualTo(List.of(0f, -1f, -2f));
    assertThat(file.metadata).containsEntry("tokenizer.ggml.add_space_prefix", false);
  }

  @Test
  void keepsVectorsInFullAndHalvesMatrices() {
    GgufReader file = read(NumberFormat.F16);

    assertThat(file.tensors.keySet()).containsExactlyElementsOf(architecture.tensors().keySet());
    assertThat(file.tensors.get("blk.1.ffn_down.weight"))
        .extracting(GgufReader.Tensor::dimensions, GgufReader.Tensor::type)
        .containsExactly(List.of(12L, 8L), 1);
    assertThat(file.tensors.get("output_norm.weight"))
        .extracting(GgufReader.Tensor::dimensions, GgufReader.Tensor::type)
        .containsExactly(List.of(8L), 0);
  }

  @Test
  void refusesATensorThatIsMissing() {
    values.remove("blk.0.attn_q.weight");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> read(NumberFormat.F32))
        .withMessage("blk.0.attn_q.weight: expected 64 values, found 0");
  }

  @Test
  void refusesAWidthThatHeadsCannotShare() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Architecture(300, 16, 10, 2, 2, 12))
        .withMessageContaining("width: expected a multiple of twice the 2 heads, found 10");
  }

  private GgufReader read(NumberFormat matrices) {
    return new GgufReader(LanguageModelFile.of("tiny", architecture, vocabulary, values, matrices));
  }
}
