package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Malformed;

/**
 * Reads a protocol buffers message field by field: variable-length integers and length-delimited
 * values only, the former in their shortest form, so that one message has one spelling.
 */
final class ProtobufReader {
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;

  private final String message;
  private final ByteReader in;
  private int wireType;

  ProtobufReader(String message, byte[] bytes) {
    this.message = message;
    this.in = ByteReader.littleEndian(message, bytes);
  }

  boolean hasMore() {
    return in.remaining() > 0;
  }

  /** The number of the next field, whose value must be read next. */
  int field() throws Malformed {
    long key = varint("key");
    wireType = (int) (key & 7);
    long number = key >>> 3;
    boolean known = wireType == VARINT || wireType == LENGTH_DELIMITED;
    if (!known || number == 0 || number > 15) {
      throw new Malformed(
          message, "a field numbered 1 to 15", "field " + number + " of wire type " + wireType);
    }
    return (int) number;
  }

  /** An integer below 2^31. */
  int integer(String name) throws Malformed {
    expect(name, VARINT);
    long value = varint(name);
    if (value > Integer.MAX_VALUE) {
      throw new Malformed(message + "." + name, "an integer below 2^31", Long.toString(value));
    }
    return (int) value;
  }

  byte[] bytes(String name) throws Malformed {
    expect(name, LENGTH_DELIMITED);
    return in.bytes(name, varint(name + " length"));
  }

  Malformed unknown(int field) {
    return new Malformed(message, "the fields of this message", "field " + field);
  }

  /** A field that may occur once has occurred again. */
  void once(boolean seen, String name) throws Malformed {
    if (seen) {
      throw new Malformed(message + "." + name, "at most one", "another");
    }
  }

  private void expect(String name, int type) throws Malformed {
    if (wireType != type) {
      throw new Malformed(message + "." + name, "wire type " + type, "wire type " + wireType);
    }
  }

  /** At most 35 bits: no length or number of these messages needs more. */
  private long varint(String name) throws Malformed {
    long value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      int octet = in.u8(name);
      value |= (long) (octet & 0x7f) << shift;
      if (octet < 0x80) {
        if (octet == 0 && shift > 0) {
          throw new Malformed(message + "." + name, "an integer in its shortest form", "a longer");
        }
        return value;
      }
    }
    throw new Malformed(message + "." + name, "an integer of at most five bytes", "a longer one");
  }
}
