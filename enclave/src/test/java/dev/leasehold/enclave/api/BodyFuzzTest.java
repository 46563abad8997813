package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.enclave.testing.Scale;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bodies come from strangers: whatever they hold, the worst that happens is a clear error. */
@Tag("CO-05")
@Tag("D17")
class BodyFuzzTest {
  private static final int ROUNDS = Scale.of(2_000_000, 20_000);
  private static final OpenAiRequest.Limits LIMITS =
      new OpenAiRequest.Limits("stories", "00", 512, 0);

  private static final String CHAT =
      """
      {"model":"stories","messages":[{"role":"system","content":"be kind"},
      {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}],
      "max_tokens":9,"max_completion_tokens":7,"temperature":0.5,"top_p":0.9,"seed":-3,
      "stop":["x","y"],"n":1,"stream":true,"stream_options":{"include_usage":true},
      "presence_penalty":0.1,"frequency_penalty":-0.1,"logit_bias":{},"tools":[],"logprobs":false,
      "response_format":{"type":"text"},"top_k":40,"min_p":0.05,"user":"u"}\
      """;
  private static final String TEXT =
      """
      {"model":"stories","prompt":["a"],"max_tokens":9,"temperature":0,"top_p":1,"seed":1,
      "stop":"x","n":1,"best_of":1,"echo":false,"suffix":null,"stream":false,"logprobs":null}\
      """;
  private static final String TENSORS =
      """
      {"id":"1","inputs":[{"name":"x","shape":[2,2],"datatype":"FP32","data":[[1,2.5],[-3e2,4]]},
      {"name":"y","shape":[3],"datatype":"BOOL","data":[true,false,true]},
      {"name":"z","shape":[1],"datatype":"INT64","data":[7],"parameters":{}}],
      "outputs":[{"name":"p"}]}\
      """;

  /** What takes the place of something else. */
  private static final List<String> ODD =
      List.of(
          "null",
          "-1",
          "0",
          "1",
          "1e999",
          "9999999999999999999999",
          "2147483648",
          "[]",
          "{}",
          "[[]]",
          "\"\"",
          "true",
          "\"\\ud800\"",
          "0.1",
          "-0",
          "[1,[2]]",
          "\"FP16\"",
          "\"BYTES\"",
          ",",
          "]",
          "}");

  /** Parses one body. */
  @FunctionalInterface
  private interface Parser {
    Object parse(byte[] body) throws ApiError;
  }

  @Test
  void chat() {
    fuzz(CHAT, body -> OpenAiRequest.chat(body, LIMITS));
  }

  @Test
  void completion() {
    fuzz(TEXT, body -> OpenAiRequest.completion(body, LIMITS));
  }

  @Test
  void tensors() {
    fuzz(TENSORS, OipRequest::parse);
  }

  private static void fuzz(String good, Parser parser) {
    Random random = new Random(20_260_901);
    List<String> tokens = tokens(good);
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] body =
          random.nextBoolean() ? bend(random, tokens) : flip(random, good, 1 + random.nextInt(3));
      try {
        assertThat(parser.parse(body)).isNotNull();
        accepted++;
      } catch (ApiError e) {
        assertThat(e.getMessage()).isNotEmpty();
        assertThat(e.json().length()).isBetween(10, 65_535);
      } catch (RuntimeException e) {
        throw new AssertionError("round " + i + ": " + new String(body, StandardCharsets.UTF_8), e);
      }
    }
    assertThat(accepted).isBetween(ROUNDS / 1000, ROUNDS - ROUNDS / 10);
  }

  /** Replaces, removes or repeats some tokens. */
  private static byte[] bend(Random random, List<String> tokens) {
    List<String> bent = new ArrayList<>(tokens);
    for (int n = 1 + random.nextInt(2); n > 0; n--) {
      int at = random.nextInt(bent.size());
      switch (random.nextInt(4)) {
        case 0 -> bent.remove(at);
        case 1 -> bent.add(at, bent.get(random.nextInt(bent.size())));
        default -> bent.set(at, ODD.get(random.nextInt(ODD.size())));
      }
    }
    return String.join("", bent).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] flip(Random random, String good, int bits) {
    byte[] body = good.getBytes(StandardCharsets.UTF_8);
    for (int n = bits; n > 0; n--) {
      body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return body;
  }

  private static List<String> tokens(String json) {
    return List.of(json.split("(?<=[\\[\\]{},:])|(?=[\\[\\]{},:])"));
  }
}
