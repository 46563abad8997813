package dev.leasehold.core.json;

import dev.leasehold.core.bytes.Malformed;

/**
 * JSON as protocol §4.1 wants it: one object of valid UTF-8, no byte order mark, no duplicate keys,
 * no {@code null}, only plain integers up to 2⁵³−1, depth at most 8, nothing after it.
 */
public final class StrictJson {
  public static final long MAX_INTEGER = 9_007_199_254_740_991L;

  private StrictJson() {}

  /**
   * Parses one object.
   *
   * @param what names the input in errors
   * @param maxBytes the size limit of this kind of input
   */
  public static Json.Obj parse(String what, byte[] bytes, int maxBytes) throws Malformed {
    Json value = JsonReader.read(what, bytes, maxBytes, true);
    if (value instanceof Json.Obj obj) {
      return obj;
    }
    throw new Malformed(what, "a JSON object", value.write());
  }
}
