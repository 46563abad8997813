package dev.leasehold.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.stream.InferRequest.Api;
import dev.leasehold.core.stream.InferRequest.Delivery;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class InferRequestTest {
  private final InferRequest request =
      new InferRequest(
          1,
          Nonce.of(new byte[32]),
          Api.OPENAI_CHAT,
          "stories",
          Delivery.STREAMED,
          100,
          0,
          "",
          Bytes.of("{}".getBytes(StandardCharsets.UTF_8)));

  @Test
  void isWrittenAsTheSpecificationSays() {
    assertThat(new String(request.encode(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"v\":1,\"nonce\":\""
                + "0".repeat(64)
                + "\",\"api\":\"openai.chat\",\"model\":\"stories\",\"stream\":\"yes\","
                + "\"maxOutputTokens\":100,\"jsonBytes\":0,\"checkpoint\":\"\",\"body\":\"e30=\"}");
  }

  @Test
  void roundTrips() throws Exception {
    assertThat(InferRequest.parse(request.encode())).isEqualTo(request);
  }

  @Test
  void anotherVersionOrApiIsRefused() {
    assertThatThrownBy(() -> InferRequest.parse(changed("\"v\":1", "\"v\":2")))
        .hasMessageContaining("v: expected 1");
    assertThatThrownBy(() -> InferRequest.parse(changed("openai.chat", "openai.chats")))
        .hasMessageContaining("api");
    assertThatThrownBy(() -> InferRequest.parse(changed("\"yes\"", "true")))
        .hasMessageContaining("stream");
  }

  private byte[] changed(String from, String to) {
    String json = new String(request.encode(), StandardCharsets.UTF_8);
    assertThat(json).contains(from);
    return json.replace(from, to).getBytes(StandardCharsets.UTF_8);
  }
}
