package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.MaxBytes;
import dev.leasehold.core.json.StrictJson;
import dev.leasehold.core.json.Wire;
import java.nio.charset.StandardCharsets;

/**
 * What is inside a sealed request (protocol §11.2).
 *
 * @param nonce never used before under the same key; a repeat is refused
 * @param model the name the client asked for
 * @param delivery whether the answer leaves as it is made or only when it is whole
 * @param maxOutputTokens a limit beside the one in the body; 0 for none
 * @param jsonBytes {@code Inference-Header-Content-Length} of the client's request; 0 for none
 * @param checkpoint newest log checkpoint the client knows, or empty
 * @param body the API request as the client sent it
 */
public record InferRequest(
    long v,
    Nonce nonce,
    Api api,
    String model,
    @Wire("stream") Delivery delivery,
    long maxOutputTokens,
    long jsonBytes,
    @MaxBytes(4096) String checkpoint,
    Bytes body) {
  private static final int MAX_BYTES = RequestPadding.MAX_BYTES;

  public InferRequest {
    if (v != 1) {
      throw new IllegalArgumentException("v: expected 1, found " + v);
    }
  }

  public static InferRequest parse(byte[] json) throws Malformed {
    String name = "request";
    return Codec.of(InferRequest.class).decode(name, StrictJson.parse(name, json, MAX_BYTES));
  }

  public byte[] encode() {
    Json.Obj json = Codec.of(InferRequest.class).encode(this);
    return json.write().getBytes(StandardCharsets.UTF_8);
  }

  /** Which API the body speaks. */
  public enum Api {
    @Wire("openai.chat")
    OPENAI_CHAT,
    @Wire("openai.completions")
    OPENAI_COMPLETIONS,
    @Wire("openai.embeddings")
    OPENAI_EMBEDDINGS,
    @Wire("oip.infer")
    OIP_INFER
  }

  /** When the answer leaves. */
  public enum Delivery {
    /** As it is made. */
    @Wire("yes")
    STREAMED,
    /** Only when it is whole: until then nothing but empty frames. */
    @Wire("no")
    HELD
  }
}
