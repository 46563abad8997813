package dev.leasehold.core.evidence.nitro;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Malformed;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads CBOR (RFC 8949) front to back, asked item by item for what the format prescribes, so that
 * nesting is never deeper than the format. Lengths and numbers stand in their shortest form; only a
 * map may be of indefinite length, for genuine documents have one.
 */
final class CborReader {
  private static final int UNSIGNED = 0;
  private static final int BYTE_STRING = 2;
  private static final int TEXT_STRING = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;
  private static final int TAG = 6;
  private static final int NULL = 0xf6;
  private static final int INDEFINITE_MAP = 0xbf;
  private static final int BREAK = 0xff;

  private final String format;
  private final byte[] bytes;
  private final ByteReader in;

  /** A reader of everything in {@code bytes}; {@code format} names it in errors. */
  CborReader(String format, byte[] bytes) {
    this.format = format;
    this.bytes = bytes;
    this.in = ByteReader.bigEndian(format, bytes);
  }

  /** Skips this tag if it comes next. */
  void optionalTag(String name, int number) throws Malformed {
    if (in.remaining() > 0 && next() >>> 5 == TAG) {
      require(name, "tag " + number, argument(name, TAG, "a tag"), number);
    }
  }

  /** The start of an array of exactly {@code length} items. */
  void array(String name, int length) throws Malformed {
    require(name, "an array of " + length, argument(name, ARRAY, "an array"), length);
  }

  /** The start of an array; how many items follow. */
  int array(String name, int min, int max) throws Malformed {
    return (int) within(name, "items", argument(name, ARRAY, "an array"), min, max);
  }

  void emptyMap(String name) throws Malformed {
    require(name, "an empty map", argument(name, MAP, "a map"), 0);
  }

  /** A map of at most {@code max} entries, of definite or indefinite length. */
  Entries map(String name, int max) throws Malformed {
    if (in.remaining() > 0 && next() == INDEFINITE_MAP) {
      in.u8(name);
      return new Entries(name, Entries.OPEN, max);
    }
    return new Entries(name, within(name, "entries", argument(name, MAP, "a map"), 0, max), max);
  }

  /** A number of at most 63 bits. */
  long unsigned(String name) throws Malformed {
    return argument(name, UNSIGNED, "an unsigned integer");
  }

  byte[] byteString(String name, int min, int max) throws Malformed {
    long length = argument(name, BYTE_STRING, "a byte string");
    return in.bytes(name, within(name, "bytes", length, min, max));
  }

  String text(String name, int max) throws Malformed {
    long length = argument(name, TEXT_STRING, "a text string");
    byte[] utf8 = in.bytes(name, within(name, "bytes", length, 1, max));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new Malformed(path(name), "UTF-8", "other bytes");
    }
  }

  /** True, and read, when null comes next. */
  boolean skipNull() throws Malformed {
    boolean found = in.remaining() > 0 && next() == NULL;
    if (found) {
      in.u8("null");
    }
    return found;
  }

  /** Everything must have been read. */
  void end() throws Malformed {
    in.end();
  }

  /** The entries of one map, each a key and a value that the caller reads. */
  final class Entries {
    private static final long OPEN = -1;

    private final String name;
    private final long declared;
    private final int max;
    private int taken;

    private Entries(String name, long declared, int max) {
      this.name = name;
      this.declared = declared;
      this.max = max;
    }

    /** True when another entry follows. */
    boolean next() throws Malformed {
      if (declared != OPEN) {
        return taken++ < declared;
      }
      if (in.remaining() > 0 && CborReader.this.next() == BREAK) {
        in.u8(name);
        return false;
      }
      within(name, "entries", ++taken, 0, max);
      return true;
    }
  }

  private int next() {
    return Byte.toUnsignedInt(bytes[in.position()]);
  }

  private long argument(String name, int major, String what) throws Malformed {
    int initial = in.u8(name);
    if (initial >>> 5 != major) {
      throw new Malformed(path(name), what, "CBOR major type " + (initial >>> 5));
    }
    int info = initial & 0x1f;
    if (info < 24) {
      return info;
    }
    return switch (info) {
      case 24 -> shortest(name, in.u8(name), 24);
      case 25 -> shortest(name, in.u16(name), 1L << 8);
      case 26 -> shortest(name, in.u32(name), 1L << 16);
      case 27 -> shortest(name, in.u64(name), 1L << 32);
      default -> throw new Malformed(path(name), what + " of definite length", "another form");
    };
  }

  private long shortest(String name, long value, long least) throws Malformed {
    if (value < least) {
      throw new Malformed(
          path(name),
          "a number in its shortest form, below 2^63",
          value < 0 ? "a larger one" : "a longer form of " + value);
    }
    return value;
  }

  private void require(String name, String expected, long got, long wanted) throws Malformed {
    if (got != wanted) {
      throw new Malformed(path(name), expected, Long.toString(got));
    }
  }

  private long within(String name, String unit, long got, long min, long max) throws Malformed {
    if (got < min || got > max) {
      throw new Malformed(path(name), min + " to " + max + " " + unit, Long.toString(got));
    }
    return got;
  }

  private String path(String name) {
    return format + "." + name;
  }
}
