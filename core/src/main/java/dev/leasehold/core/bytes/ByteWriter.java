package dev.leasehold.core.bytes;

import java.io.ByteArrayOutputStream;

/** Builds a big-endian binary format front to back. */
public final class ByteWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public ByteWriter u8(int value) {
    return integer(value, 1);
  }

  public ByteWriter u16(int value) {
    return integer(value, 2);
  }

  public ByteWriter u32(long value) {
    return integer(value, 4);
  }

  public ByteWriter u64(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
    return this;
  }

  public ByteWriter bytes(byte[]... parts) {
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return this;
  }

  public ByteWriter zeros(int count) {
    out.writeBytes(new byte[count]);
    return this;
  }

  public int size() {
    return out.size();
  }

  public byte[] toByteArray() {
    return out.toByteArray();
  }

  private ByteWriter integer(long value, int bytes) {
    if (value < 0 || value >>> (8 * bytes) != 0) {
      throw new IllegalArgumentException(value + " does not fit in " + bytes + " bytes");
    }
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
    return this;
  }
}
