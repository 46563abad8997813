package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;

/**
 * An answer of NVIDIA's RIM service to {@code GET /v1/rim/ID}: JSON around reference values.
 * Nothing of it but those is signed, so the rest, a checksum and dates among it, is not looked at.
 *
 * @param id under which the service says it serves them
 */
public record RimAnswer(String id, NvidiaRim rim) {
  /** Room for the largest values that are parsed, in base64. */
  private static final int MAX_BYTES = 512 * 1024;

  private static final String RIM = "rim";

  public static RimAnswer parse(String field, byte[] json) throws Malformed {
    return of(field, ApiJson.parse(field, json, MAX_BYTES));
  }

  /** Whether an object is such an answer, well-formed or not. */
  public static boolean looksLike(Json.Obj object) {
    return object.get(RIM).isPresent();
  }

  public static RimAnswer of(String field, Json.Obj object) throws Malformed {
    Bytes xml = Bytes.fromBase64(field + "." + RIM, text(field, object, RIM));
    return new RimAnswer(
        text(field, object, "id"), NvidiaRim.parse(field + "." + RIM, xml.toArray()));
  }

  private static String text(String field, Json.Obj object, String key) throws Malformed {
    Json value = object.get(key).orElse(Json.Null.NULL);
    if (value instanceof Json.Str(String s)) {
      return s;
    }
    throw new Malformed(field + "." + key, "a string", value.write());
  }
}
