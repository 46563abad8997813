package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.json.MaxBytes;
import dev.leasehold.core.json.Wire;

/**
 * What a consumer asks, in the clear only on its own machine and inside the enclave (protocol
 * §11.2).
 *
 * @param nonce never used twice with one key
 * @param api which interface {@code body} speaks
 * @param model name of the model asked for
 * @param stream whether text leaves as it is produced, which shows its pace to the host
 * @param maxOutputTokens the most the consumer wants; 0 leaves it to {@code body}
 * @param jsonBytes length of the JSON part of an inference body with binary tensors, else 0
 * @param checkpoint newest log checkpoint the consumer has seen, or empty
 * @param body the API request as the client sent it
 */
public record ConsumerRequest(
    Nonce nonce,
    Api api,
    String model,
    Streaming stream,
    long maxOutputTokens,
    long jsonBytes,
    @MaxBytes(4096) String checkpoint,
    Bytes body) {
  private static final Kind<ConsumerRequest> KIND =
      Kind.of("request", ConsumerRequest.class, RequestPadding.MAX_BYTES);

  public ConsumerRequest {
    if (jsonBytes > (api == Api.INFER ? body.length() : 0)) {
      throw new IllegalArgumentException(
          "jsonBytes: expected at most the body's length, 0 but for oip.infer, found " + jsonBytes);
    }
  }

  /** The interface a body speaks. */
  public enum Api {
    @Wire("openai.chat")
    CHAT,
    @Wire("openai.completions")
    COMPLETIONS,
    @Wire("openai.embeddings")
    EMBEDDINGS,
    @Wire("oip.infer")
    INFER
  }

  /** Whether text leaves before the answer is complete. */
  public enum Streaming {
    @Wire("yes")
    YES,
    @Wire("no")
    NO
  }

  public static ConsumerRequest parse(byte[] json) throws Malformed {
    return KIND.decode(json);
  }

  public byte[] encode() {
    return KIND.encode(this);
  }
}
