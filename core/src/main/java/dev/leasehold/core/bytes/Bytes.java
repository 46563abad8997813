package dev.leasehold.core.bytes;

import java.util.Arrays;
import java.util.Base64;

/** An immutable byte string that travels as canonical base64 (protocol §4.1 {@code b64}). */
public final class Bytes {
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  public static Bytes of(byte[] bytes) {
    return new Bytes(bytes.clone());
  }

  /** Decodes RFC 4648 §4 base64 with padding; unused bits must be zero. */
  public static Bytes fromBase64(String field, String text) throws Malformed {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new Malformed(field, "base64 with padding", text);
    }
    if (!Base64.getEncoder().encodeToString(decoded).equals(text)) {
      throw new Malformed(field, "canonical base64 (padding, unused bits zero)", text);
    }
    return new Bytes(decoded);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(value);
  }

  public byte[] toArray() {
    return value.clone();
  }

  public int length() {
    return value.length;
  }

  public boolean isEmpty() {
    return value.length == 0;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Bytes other && Arrays.equals(value, other.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return base64();
  }
}
