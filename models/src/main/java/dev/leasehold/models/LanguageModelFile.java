package dev.leasehold.models;

import dev.leasehold.models.GgufWriter.NumberFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A trained model as llama.cpp reads it: architecture "llama", a SentencePiece vocabulary. */
final class LanguageModelFile {
  private static final int TOKEN_NORMAL = 1;
  private static final int TOKEN_UNKNOWN = 2;
  private static final int TOKEN_CONTROL = 3;
  private static final int TOKEN_BYTE = 6;

  private LanguageModelFile() {}

  /** Lays out the file; vectors stay F32 in either format, as llama.cpp expects. */
  static byte[] of(
      String name,
      Architecture architecture,
      Vocabulary vocabulary,
      Map<String, float[]> values,
      NumberFormat matrices) {
    GgufWriter file = new GgufWriter();
    describe(file, name, architecture, matrices);
    describe(file, vocabulary);
    architecture
        .tensors()
        .forEach((tensor, shape) ->
            file.tensor(
                tensor,
                shape,
                shape.length == 1 ? NumberFormat.F32 : matrices,
                values(values, tensor, shape)));
    return file.toByteArray();
  }

  private static float[] values(Map<String, float[]> values, String tensor, long[] shape) {
    long expected = Architecture.count(shape);
    float[] found = values.getOrDefault(tensor, new float[0]);
    if (found.length != expected) {
      throw new IllegalArgumentException(
          "%s: expected %d values, found %d".formatted(tensor, expected, found.length));
    }
    return found;
  }

  private static void describe(
      GgufWriter file, String name, Architecture architecture, NumberFormat matrices) {
    file.text("general.architecture", "llama")
        .text("general.name", name)
        .text("general.license", "Apache-2.0")
        .number("general.alignment", GgufWriter.ALIGNMENT)
        .number("general.file_type", matrices.code())
        .number("llama.vocab_size", architecture.vocabulary())
        .number("llama.context_length", architecture.context())
        .number("llama.embedding_length", architecture.width())
        .number("llama.block_count", architecture.layers())
        .number("llama.feed_forward_length", architecture.hidden())
        .number("llama.attention.head_count", architecture.heads())
        .number("llama.attention.head_count_kv", architecture.heads())
        .real("llama.attention.layer_norm_rms_epsilon", Architecture.NORM_EPSILON)
        .number("llama.rope.dimension_count", architecture.headWidth())
        .real("llama.rope.freq_base", Architecture.ROPE_BASE);
  }

  private static void describe(GgufWriter file, Vocabulary vocabulary) {
    List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
    IntStream.range(0, 256).mapToObj("<0x%02X>"::formatted).forEach(tokens::add);
    tokens.addAll(vocabulary.pieces());

    int[] types = new int[tokens.size()];
    Arrays.fill(types, TOKEN_NORMAL);
    Arrays.fill(types, Vocabulary.FIRST_BYTE, Vocabulary.FIRST_PIECE, TOKEN_BYTE);
    types[Vocabulary.UNKNOWN] = TOKEN_UNKNOWN;
    types[Vocabulary.BEGIN] = TOKEN_CONTROL;
    types[Vocabulary.END] = TOKEN_CONTROL;

    float[] scores = new float[tokens.size()];
    for (int i = Vocabulary.FIRST_PIECE; i < scores.length; i++) {
      scores[i] = Vocabulary.FIRST_PIECE - i;
    }
    file.text("tokenizer.ggml.model", "llama")
        .texts("tokenizer.ggml.tokens", tokens)
        .reals("tokenizer.ggml.scores", scores)
        .numbers("tokenizer.ggml.token_type", types)
        .number("tokenizer.ggml.unknown_token_id", Vocabulary.UNKNOWN)
        .number("tokenizer.ggml.bos_token_id", Vocabulary.BEGIN)
        .number("tokenizer.ggml.eos_token_id", Vocabulary.END)
        .flag("tokenizer.ggml.add_bos_token", true)
        .flag("tokenizer.ggml.add_eos_token", false)
        // A line's first word has no space before it, at the start of a prompt as in the text.
        .flag("tokenizer.ggml.add_space_prefix", false);
  }
}
