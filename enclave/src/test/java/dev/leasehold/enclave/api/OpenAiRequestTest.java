package dev.leasehold.enclave.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.enclave.model.Prompt;
import dev.leasehold.enclave.model.Sampling;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiRequestTest {
  private static final String DIGEST = "ab".repeat(32);
  private static final OpenAiRequest.Limits LIMITS =
      new OpenAiRequest.Limits("stories", DIGEST, 512, 0);

  @Test
  void readsEverythingThatChangesTheAnswer() throws Exception {
    OpenAiRequest request =
        chat(
            "\"max_tokens\":50,\"max_completion_tokens\":40,\"temperature\":0.5,\"top_p\":0.25,"
                + "\"seed\":7,\"stop\":[\"a\",\"b\"],\"presence_penalty\":1,"
                + "\"frequency_penalty\":-1,\"stream\":true,"
                + "\"stream_options\":{\"include_usage\":true}");

    assertThat(request.stream()).isTrue();
    assertThat(request.includeUsage()).isTrue();
    assertThat(request.generate().maxTokens()).isEqualTo(40);
    assertThat(request.generate().stop()).containsExactly("a", "b");
    assertThat(request.generate().sampling())
        .isEqualTo(new Sampling(0.5f, 0, 0.25f, 0, 1, -1, 1, OptionalLong.of(7)));
  }

  @Test
  void readsMessagesOfAllRolesAndTextInParts() throws Exception {
    OpenAiRequest request =
        OpenAiRequest.chat(
            bytes(
                "{\"model\":\""
                    + DIGEST
                    + "\",\"messages\":[{\"role\":\"developer\",\"content\":\"d\"},"
                    + "{\"role\":\"assistant\",\"content\":\"a\",\"tool_calls\":[]},"
                    + "{\"role\":\"user\",\"name\":\"n\",\"content\":[{\"type\":\"text\","
                    + "\"text\":\"u\"},{\"type\":\"text\",\"text\":\"v\"}]}]}"),
            LIMITS);

    assertThat(request.generate().prompt())
        .isEqualTo(
            new Prompt.Chat(
                List.of(
                    new Prompt.Message(Prompt.Role.SYSTEM, "d"),
                    new Prompt.Message(Prompt.Role.ASSISTANT, "a"),
                    new Prompt.Message(Prompt.Role.USER, "uv"))));
    assertThat(request.generate().maxTokens()).isEqualTo(512);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"logprobs\":false",
        "\"tools\":[]",
        "\"tool_choice\":\"auto\"",
        "\"user\":\"me\"",
        "\"logit_bias\":{}",
        "\"response_format\":{\"type\":\"text\"}",
        "\"n\":1",
        "\"n\":null",
        "\"store\":true",
        "\"metadata\":{\"a\":\"b\"}",
        "\"stop\":null",
        "\"top_p\":0",
        "\"top_k\":-1"
      })
  void ignoresWhatChangesNothing(String member) throws Exception {
    assertThat(chat(member).generate().maxTokens()).isEqualTo(512);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "n|2",
        "n|1.5",
        "logprobs|true",
        "tools|[{}]",
        "tool_choice|\"required\"",
        "response_format|{\"type\":\"json_object\"}",
        "logit_bias|{\"50256\":-100}",
        "max_tokens|0",
        "max_completion_tokens|-1",
        "max_tokens|\"9\"",
        "temperature|2.1",
        "temperature|-0.1",
        "top_p|1.1",
        "seed|0.5",
        "stop|[\"a\",\"b\",\"c\",\"d\",\"e\"]",
        "stop|\"\"",
        "stop|7",
        "stream|\"yes\"",
        "stream_options|true",
        "presence_penalty|3",
        "frequency_penalty|-2.5",
        "audio|{}",
        "messages|{}",
        "messages|[]",
        "messages[0]|",
        "messages[0].role|",
      })
  void refusesByNameWhatItCannotDo(String param, String value) {
    String member =
        switch (param) {
          case "messages[0]" -> "\"messages\":[1]";
          case "messages[0].role" -> "\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]";
          default -> "\"" + param + "\":" + value;
        };
    assertThatThrownBy(() -> parse(member))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.param()).isEqualTo(param);
              assertThat(e).hasMessageContaining(param);
            });
  }

  @Test
  void imagesAreRefusedByName() {
    assertThatThrownBy(() ->
            parse("\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]"))
        .hasMessage("messages[0].content[0].type: expected text, the only kind served here");
  }

  @Test
  void anotherModelIsNotFound() {
    assertThatThrownBy(
            () -> OpenAiRequest.completion(bytes("{\"model\":\"gpt\",\"prompt\":\"p\"}"), LIMITS))
        .isInstanceOfSatisfying(
            ApiError.class, e -> assertThat(e.code()).isEqualTo("model_not_found"));
  }

  @Test
  void aCompletionTakesOnePrompt() throws Exception {
    assertThat(completion("\"p\"").generate().prompt()).isEqualTo(new Prompt.Text("p"));
    assertThat(completion("[\"p\"]").generate().prompt()).isEqualTo(new Prompt.Text("p"));
    assertThatThrownBy(() -> completion("[\"p\",\"q\"]")).hasMessageContaining("prompt");
    assertThatThrownBy(() -> completion("[1,2]")).hasMessageContaining("prompt");
  }

  private static OpenAiRequest completion(String prompt) throws ApiError {
    return OpenAiRequest.completion(
        bytes("{\"model\":\"stories\",\"prompt\":" + prompt + "}"), LIMITS);
  }

  private static OpenAiRequest chat(String more) throws ApiError {
    return parse("\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + more);
  }

  /** Members that lack messages get some. */
  private static OpenAiRequest parse(String members) throws ApiError {
    return members.startsWith("\"messages\"")
        ? OpenAiRequest.chat(bytes("{\"model\":\"stories\"," + members + "}"), LIMITS)
        : chat(members);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
