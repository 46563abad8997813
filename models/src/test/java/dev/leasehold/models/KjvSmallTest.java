package dev.leasehold.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The weights in this folder are whole, small, and write what their README shows. */
class KjvSmallTest {
  private static final Path FOLDER = Path.of("kjv-small");
  private static final int TOKENS = 60;

  private final byte[] bytes = Files.readAllBytes(FOLDER.resolve("kjv-small-f16.gguf"));
  private final GgufReader file = new GgufReader(bytes);
  private final Vocabulary vocabulary =
      new Vocabulary(
          file.list("tokenizer.ggml.tokens").stream()
              .skip(Vocabulary.FIRST_PIECE)
              .map(Object::toString)
              .toList());
  private final Architecture architecture =
      new Architecture(
          vocabulary.size(),
          file.number("llama.context_length"),
          file.number("llama.embedding_length"),
          file.number("llama.block_count"),
          file.number("llama.attention.head_count"),
          file.number("llama.feed_forward_length"));

  KjvSmallTest() throws IOException {}

  @Test
  void isSmallEnoughToKeepInTheRepository() {
    assertThat(bytes).hasSizeLessThan(8 << 20);
    assertThat(architecture.parameters()).isEqualTo(1_267_072);
  }

  @Test
  void isTheFileTheReadmeDescribes() throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);

    assertThat(Files.readString(Path.of("README.md")))
        .contains(
            HexFormat.of().formatHex(hash), String.format(Locale.ROOT, "%,d bytes", bytes.length));
  }

  @Test
  void hasTheTensorsOfItsArchitecture() {
    assertThat(
            file.tensors.entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().dimensions().reversed())))
        .isEqualTo(
            architecture.tensors().entrySet().stream()
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> Arrays.stream(entry.getValue()).boxed().toList())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"The wise man", "Fear not"})
  void writesInAnIndependentForwardPassWhatTheReadmeShows(String prompt) throws IOException {
    String block = "```text\n%s\n```\n".formatted(greedy(prompt, TOKENS));

    assertThat(Files.readString(Path.of("README.md"))).contains(block);
  }

  private String greedy(String prompt, int count) {
    Map<String, float[]> values =
        file.tensors.keySet().stream().collect(Collectors.toMap(name -> name, file::values));
    ReferenceLlama llama = new ReferenceLlama(architecture, values);
    float[] scores = llama.next(Vocabulary.BEGIN);
    for (int token : vocabulary.encode(prompt)) {
      scores = llama.next(token);
    }
    StringBuilder text = new StringBuilder(prompt);
    for (int i = 0; i < count; i++) {
      int next = likeliest(scores);
      if (next == Vocabulary.END) {
        break;
      }
      text.append(vocabulary.decode(next));
      scores = llama.next(next);
    }
    return text.toString();
  }

  private static int likeliest(float[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[best]) {
        best = i;
      }
    }
    return best;
  }
}
