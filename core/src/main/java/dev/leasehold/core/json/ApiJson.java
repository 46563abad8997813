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

  /**
   * The bytes of an object that is a member of the object in {@code bytes}, exactly as they stand
   * there: for a signature over them.
   */
  public static byte[] objectBytes(String what, byte[] bytes, int maxBytes, String member)
      throws Malformed {
    Json value = parse(what, bytes, maxBytes).get(member).orElse(Json.Null.NULL);
    if (value instanceof Json.Obj) {
      return JsonReader.memberBytes(what, bytes, member);
    }
    throw new Malformed(what + "." + member, "a JSON object", value.write());
  }
}
