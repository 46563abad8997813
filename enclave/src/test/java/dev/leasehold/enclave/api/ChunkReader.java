package dev.leasehold.enclave.api;

import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.nio.charset.StandardCharsets;

/** Takes answers of the OpenAI API apart. */
final class ChunkReader {
  private ChunkReader() {}

  static Json.Obj parse(String json) throws Exception {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    return ApiJson.parse("chunk", bytes, bytes.length);
  }

  static Json.Obj choice(Json.Obj answer) {
    return (Json.Obj) ((Json.Arr) answer.get("choices").orElseThrow()).items().getFirst();
  }

  static String string(Json value) {
    return ((Json.Str) value).value();
  }
}
