package dev.leasehold.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.json.StrictJson;
import java.util.List;

/** JSON of the protocol and of client APIs. */
final class JsonTargets {
  private static final int MAX_BYTES = 1 << 20;

  static final List<Target> ALL =
      List.of(
          new Target("strict-json", JsonTargets::strictSeeds, JsonTargets::strict),
          new Target("api-json", JsonTargets::apiSeeds, JsonTargets::api));

  private JsonTargets() {}

  private static List<byte[]> strictSeeds() {
    return List.of(
        "{\"v\":1,\"list\":[1,{\"a\":true}],\"text\":\"a\\u00e9\\n\\\"\"}".getBytes(UTF_8),
        "{\"deep\":[[[[[[9007199254740991]]]]]],\"\":\"\"}".getBytes(UTF_8));
  }

  private static List<byte[]> apiSeeds() {
    return List.of(
        "{\"temperature\":0.75e-2,\"stop\":null,\"n\":-1,\"big\":123456789012345678901234567890}"
            .getBytes(UTF_8),
        "{\"messages\":[{\"role\":\"user\",\"content\":\"\\ud83d\\ude00\"}]}".getBytes(UTF_8));
  }

  private static void strict(byte[] input) throws Malformed {
    Json.Obj parsed = StrictJson.parse("input", input, MAX_BYTES);
    Json.Obj again = StrictJson.parse("written", parsed.write().getBytes(UTF_8), 6 * MAX_BYTES);
    Target.require(again.equals(parsed), "what is written is what was read");
  }

  private static void api(byte[] input) throws Malformed {
    Json.Obj parsed = ApiJson.parse("input", input, MAX_BYTES);
    Json.Obj again = ApiJson.parse("written", parsed.write().getBytes(UTF_8), 6 * MAX_BYTES);
    Target.require(again.equals(parsed), "what is written is what was read");
  }
}
