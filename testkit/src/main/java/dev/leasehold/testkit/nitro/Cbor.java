package dev.leasehold.testkit.nitro;

import dev.leasehold.core.bytes.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes CBOR items (RFC 8949), lengths in their shortest form. */
final class Cbor {
  static final byte[] NULL = {(byte) 0xf6};

  private Cbor() {}

  static byte[] unsigned(long value) {
    return head(0, value);
  }

  static byte[] bytes(byte[] value) {
    return joined(head(2, value.length), value);
  }

  static byte[] text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return joined(head(3, utf8.length), utf8);
  }

  static byte[] array(List<byte[]> items) {
    return joined(head(4, items.size()), joined(items.toArray(byte[][]::new)));
  }

  /** Keys and values alternate. */
  static byte[] map(List<byte[]> keysAndValues) {
    return joined(head(5, keysAndValues.size() / 2), joined(keysAndValues.toArray(byte[][]::new)));
  }

  static byte[] indefiniteMap(List<byte[]> keysAndValues) {
    return new ByteWriter()
        .u8(0xbf)
        .bytes(keysAndValues.toArray(byte[][]::new))
        .u8(0xff)
        .toByteArray();
  }

  static byte[] tagged(int tag, byte[] item) {
    return joined(head(6, tag), item);
  }

  static byte[] joined(byte[]... parts) {
    return new ByteWriter().bytes(parts).toByteArray();
  }

  private static byte[] head(int major, long value) {
    ByteWriter out = new ByteWriter();
    int type = major << 5;
    if (value < 24) {
      return out.u8(type | (int) value).toByteArray();
    }
    if (value < 1 << 8) {
      return out.u8(type | 24).u8((int) value).toByteArray();
    }
    if (value < 1 << 16) {
      return out.u8(type | 25).u16((int) value).toByteArray();
    }
    return value < 1L << 32
        ? out.u8(type | 26).u32(value).toByteArray()
        : out.u8(type | 27).u64(value).toByteArray();
  }
}
