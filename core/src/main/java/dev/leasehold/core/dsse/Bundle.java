package dev.leasehold.core.dsse;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.StrictJson;
import java.nio.charset.StandardCharsets;

/**
 * Unsigned JSON objects whose members are envelopes; the same strict rules (protocol §4.1, §7.1).
 */
public final class Bundle {
  private Bundle() {}

  public static <B extends Record> B parse(Class<B> type, byte[] bytes, int maxBytes)
      throws Malformed {
    String name = type.getSimpleName();
    return Codec.of(type).decode(name, StrictJson.parse(name, bytes, maxBytes));
  }

  public static <B extends Record> byte[] write(Class<B> type, B bundle) {
    return Codec.of(type).encode(bundle).write().getBytes(StandardCharsets.UTF_8);
  }
}
