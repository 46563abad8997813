package dev.leasehold.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.stream.ConsumerRequest.Api;
import dev.leasehold.core.stream.ConsumerRequest.Streaming;
import dev.leasehold.core.testing.Fuzz;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsumerRequestTest {
  private static final String JSON =
      "{\"v\":1,\"nonce\":\""
          + "ab".repeat(32)
          + "\",\"api\":\"oip.infer\",\"model\":\"m\",\"stream\":\"no\",\"maxOutputTokens\":5,"
          + "\"jsonBytes\":2,\"checkpoint\":\"\",\"body\":\"e30A\"}";

  @Test
  void theFormIsThatOfTheSpecification() throws Exception {
    ConsumerRequest request =
        new ConsumerRequest(
            new Nonce("ab".repeat(32)),
            Api.INFER,
            "m",
            Streaming.NO,
            5,
            2,
            "",
            Bytes.of(new byte[] {'{', '}', 0}));
    assertThat(new String(request.encode(), StandardCharsets.UTF_8)).isEqualTo(JSON);
    assertThat(parse(JSON)).isEqualTo(request);
  }

  @Test
  void eachFieldIsChecked() {
    assertRefused("\"v\":1", "\"v\":2");
    assertRefused("\"nonce\":\"ab", "\"nonce\":\"");
    assertRefused("oip.infer", "oip.other");
    assertRefused("\"no\"", "\"maybe\"");
    assertRefused("\"maxOutputTokens\":5", "\"maxOutputTokens\":-5");
    assertRefused("\"jsonBytes\":2", "\"jsonBytes\":4");
    assertRefused("oip.infer", "openai.chat");
    assertRefused("\"e30A\"", "\"e30\"");
    assertRefused("\"checkpoint\":\"\",", "");
    assertRefused("\"checkpoint\":\"\"", "\"checkpoint\":\"" + "x".repeat(4097) + "\"");
    assertRefused("\"v\":1,", "\"v\":1,\"user\":\"me\",");
  }

  @Test
  void mutationsAreReadOrRefused() throws Exception {
    Fuzz.mutate(
        9,
        JSON.getBytes(StandardCharsets.UTF_8),
        2000,
        input -> {
          try {
            assertThat(ConsumerRequest.parse(input)).isNotNull();
          } catch (Malformed expected) {
            assertThat(expected.field()).startsWith("request");
          }
        });
  }

  private static ConsumerRequest parse(String json) throws Malformed {
    return ConsumerRequest.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRefused(String part, String replacement) {
    assertThat(JSON).contains(part);
    assertThatThrownBy(() -> parse(JSON.replace(part, replacement)))
        .isInstanceOf(Malformed.class)
        .hasMessageStartingWith("request");
  }
}
