package dev.leasehold.models;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A growing run of bytes in the order and with the strings that GGUF uses. */
final class LittleEndian {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  LittleEndian bits(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
    return this;
  }

  LittleEndian int32(int value) {
    return bits(value, Integer.BYTES);
  }

  LittleEndian int64(long value) {
    return bits(value, Long.BYTES);
  }

  LittleEndian float32(float value) {
    return int32(Float.floatToIntBits(value));
  }

  LittleEndian float16(float value) {
    return bits(Float.floatToFloat16(value), Short.BYTES);
  }

  /** The length in bytes, then UTF-8. */
  LittleEndian string(String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    return int64(text.length).raw(text);
  }

  LittleEndian raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  LittleEndian align(int boundary) {
    while (out.size() % boundary != 0) {
      out.write(0);
    }
    return this;
  }

  int size() {
    return out.size();
  }

  byte[] toByteArray() {
    return out.toByteArray();
  }
}
