package dev.leasehold.core.json;

import dev.leasehold.core.bytes.Malformed;

/**
 * Ordinary JSON (RFC 8259) for client APIs that need fractions and null; duplicate keys refused.
 */
public final class ApiJson {
  private ApiJson() {}

  public static Json.Obj parse(String what, byte[] bytes, int maxBytes) throws Malformed {
    Json value = JsonReader.read(what, bytes, maxBytes, false);
    if (value instanceof Json.Obj obj) {
      return obj;
    }
    throw new Malformed(what, "a JSON object", value.write());
  }
}
