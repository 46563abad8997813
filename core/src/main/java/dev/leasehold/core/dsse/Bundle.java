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

  /** Reads a bundle from text this program wrote itself, such as a row of its own store. */
  public static <B extends Record> B parseStored(Class<B> type, String text) {
    try {
      return parse(type, text.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE);
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  public static <B extends Record> byte[] write(Class<B> type, B bundle) {
    return text(type, bundle).getBytes(StandardCharsets.UTF_8);
  }

  /** What {@link #write} gives, as text: a row of a store, an event, a file. */
  public static <B extends Record> String text(Class<B> type, B bundle) {
    return Codec.of(type).encode(bundle).write();
  }
}
