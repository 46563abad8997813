package dev.leasehold.core.bytes;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads a binary format front to back with every bound checked. No length read from the input is
 * trusted before it is compared with what is left, so no allocation exceeds the input itself.
 */
public final class ByteReader {
  private final String format;
  private final ByteBuffer buffer;

  private ByteReader(String format, byte[] bytes, ByteOrder order) {
    this.format = format;
    this.buffer = ByteBuffer.wrap(bytes).order(order);
  }

  /** A reader of little-endian integers; {@code format} names the structure in errors. */
  public static ByteReader littleEndian(String format, byte[] bytes) {
    return new ByteReader(format, bytes, ByteOrder.LITTLE_ENDIAN);
  }

  /** A reader of big-endian integers; {@code format} names the structure in errors. */
  public static ByteReader bigEndian(String format, byte[] bytes) {
    return new ByteReader(format, bytes, ByteOrder.BIG_ENDIAN);
  }

  public int position() {
    return buffer.position();
  }

  public int remaining() {
    return buffer.remaining();
  }

  public int u8(String field) throws Malformed {
    need(field, 1);
    return Byte.toUnsignedInt(buffer.get());
  }

  public int u16(String field) throws Malformed {
    need(field, 2);
    return Short.toUnsignedInt(buffer.getShort());
  }

  public long u32(String field) throws Malformed {
    need(field, 4);
    return Integer.toUnsignedLong(buffer.getInt());
  }

  /** All 64 bits; negative when the top bit is set. */
  public long u64(String field) throws Malformed {
    need(field, 8);
    return buffer.getLong();
  }

  public byte[] bytes(String field, long length) throws Malformed {
    need(field, length);
    byte[] out = new byte[(int) length];
    buffer.get(out);
    return out;
  }

  /** Skips bytes that must all be zero. */
  public void zeros(String field, int length) throws Malformed {
    for (byte b : bytes(field, length)) {
      if (b != 0) {
        throw new Malformed(
            format + "." + field, "zero bytes", "0x" + Hex.encode(new byte[] {b}) + " among them");
      }
    }
  }

  /** Everything must have been read. */
  public void end() throws Malformed {
    if (buffer.hasRemaining()) {
      throw new Malformed(
          format, "end of input at byte " + position(), buffer.remaining() + " bytes more");
    }
  }

  private void need(String field, long length) throws Malformed {
    if (length < 0 || length > buffer.remaining()) {
      throw new Malformed(
          format + "." + field,
          length + " bytes at offset " + position(),
          buffer.remaining() + " bytes");
    }
  }
}
