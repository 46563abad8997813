package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Malformed;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Reads DER (X.690 §10) front to back: definite lengths in their shortest form, one-byte tags,
 * nothing left over. Each method consumes one value and refuses any other tag.
 */
public final class DerReader {
  public static final int BOOLEAN = 0x01;
  public static final int INTEGER = 0x02;
  public static final int BIT_STRING = 0x03;
  public static final int OCTET_STRING = 0x04;
  public static final int NULL = 0x05;
  public static final int OBJECT_IDENTIFIER = 0x06;
  public static final int ENUMERATED = 0x0a;
  public static final int UTF8_STRING = 0x0c;
  public static final int PRINTABLE_STRING = 0x13;
  public static final int IA5_STRING = 0x16;
  public static final int GENERALIZED_TIME = 0x18;
  public static final int SEQUENCE = 0x30;
  public static final int SET = 0x31;

  private static final int LONG_FORM = 0x80;
  private static final DateTimeFormatter GENERALIZED =
      new DateTimeFormatterBuilder()
          .appendValue(ChronoField.YEAR, 4)
          .appendPattern("MMddHHmmss'Z'")
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private final String field;
  private final byte[] bytes;
  private final ByteReader reader;

  /** A reader of everything in {@code der}; {@code field} names the structure in errors. */
  public DerReader(String field, byte[] der) {
    this.field = field;
    this.bytes = der;
    this.reader = ByteReader.bigEndian(field, der);
  }

  /** The tag of an explicitly tagged or constructed context-specific value: {@code [n]}. */
  public static int context(int number) {
    return 0xa0 | number;
  }

  public boolean hasMore() {
    return reader.remaining() > 0;
  }

  /** True when the next value carries this tag; reads nothing. */
  public boolean at(int tag) {
    return hasMore() && (bytes[reader.position()] & 0xff) == tag;
  }

  /** The content of a constructed value: a SEQUENCE, a SET or {@code [n]}. */
  public DerReader constructed(String name, int tag) throws Malformed {
    return new DerReader(field + "." + name, value(name, tag));
  }

  public DerReader sequence(String name) throws Malformed {
    return constructed(name, SEQUENCE);
  }

  public byte[] octetString(String name) throws Malformed {
    return value(name, OCTET_STRING);
  }

  /** Whole bytes of a bit string. */
  public byte[] bitString(String name) throws Malformed {
    ByteReader r = ByteReader.bigEndian(field + "." + name, value(name, BIT_STRING));
    int unused = r.u8("unused bits");
    if (unused != 0) {
      throw new Malformed(field + "." + name, "a bit string of whole bytes", unused + " unused");
    }
    return r.bytes("bits", r.remaining());
  }

  public BigInteger integer(String name) throws Malformed {
    return new BigInteger(shortest(name, value(name, INTEGER)));
  }

  /** A non-negative integer up to {@code max}. */
  public int integer(String name, int max) throws Malformed {
    BigInteger v = integer(name);
    if (v.signum() < 0 || v.bitLength() > 31 || v.intValue() > max) {
      throw new Malformed(field + "." + name, "an integer from 0 to " + max, v.toString());
    }
    return v.intValue();
  }

  public int enumerated(String name) throws Malformed {
    byte[] v = value(name, ENUMERATED);
    if (v.length != 1 || v[0] < 0) {
      throw new Malformed(field + "." + name, "an enumerated value below 128", v.length + " bytes");
    }
    return v[0];
  }

  public boolean bool(String name) throws Malformed {
    byte[] v = value(name, BOOLEAN);
    if (v.length != 1 || (v[0] != 0 && v[0] != (byte) 0xff)) {
      throw new Malformed(field + "." + name, "a DER boolean", v.length + " bytes");
    }
    return v[0] != 0;
  }

  /** An object identifier in dotted form. */
  public String oid(String name) throws Malformed {
    byte[] v = value(name, OBJECT_IDENTIFIER);
    List<Long> parts = new ArrayList<>();
    long part = 0;
    for (int i = 0; i < v.length; i++) {
      boolean padded = part == 0 && v[i] == (byte) 0x80;
      if (padded || part > Integer.MAX_VALUE) {
        throw new Malformed(field + "." + name, "an object identifier", "an arc not in DER");
      }
      part = (part << 7) | (v[i] & 0x7f);
      if (v[i] >= 0) {
        parts.add(part);
        part = 0;
      } else if (i == v.length - 1) {
        throw new Malformed(field + "." + name, "an object identifier", "one cut short");
      }
    }
    if (parts.isEmpty()) {
      throw new Malformed(field + "." + name, "an object identifier", "none");
    }
    long first = Math.min(parts.getFirst() / 40, 2);
    StringJoiner out = new StringJoiner(".");
    out.add(Long.toString(first)).add(Long.toString(parts.getFirst() - 40 * first));
    parts.stream().skip(1).map(String::valueOf).forEach(out::add);
    return out.toString();
  }

  /** Printable ASCII. */
  public String ia5String(String name) throws Malformed {
    byte[] ascii = value(name, IA5_STRING);
    for (byte b : ascii) {
      if (b < 0x20 || b == 0x7f) {
        throw new Malformed(field + "." + name, "printable ASCII", "byte " + (b & 0xff));
      }
    }
    return new String(ascii, StandardCharsets.US_ASCII);
  }

  /** A value without content: a NULL, or one under another tag. */
  public void nothing(String name, int tag) throws Malformed {
    byte[] v = value(name, tag);
    if (v.length != 0) {
      throw new Malformed(field + "." + name, "no content", v.length + " bytes");
    }
  }

  /** A time of whole seconds in UTC, as RFC 5280 §4.1.2.5.2 writes it. */
  public Instant generalizedTime(String name) throws Malformed {
    String text = new String(value(name, GENERALIZED_TIME), StandardCharsets.ISO_8859_1);
    try {
      return LocalDateTime.parse(text, GENERALIZED).toInstant(ZoneOffset.UTC);
    } catch (DateTimeParseException e) {
      throw new Malformed(field + "." + name, "a time written yyyyMMddHHmmssZ", text);
    }
  }

  /** The content octets of the next value, which must carry this tag. */
  public byte[] value(String name, int tag) throws Malformed {
    int found = reader.u8(name + " tag");
    if (found != tag) {
      throw new Malformed(
          field + "." + name,
          "DER tag 0x" + Integer.toHexString(tag),
          "tag 0x" + Integer.toHexString(found));
    }
    return reader.bytes(name, length(name));
  }

  /** The next value whole, tag and length included, whatever it is. */
  public byte[] any(String name) throws Malformed {
    int start = reader.position();
    reader.u8(name + " tag");
    reader.bytes(name, length(name));
    byte[] out = new byte[reader.position() - start];
    System.arraycopy(bytes, start, out, 0, out.length);
    return out;
  }

  /** Everything must have been read. */
  public void end() throws Malformed {
    reader.end();
  }

  private long length(String name) throws Malformed {
    int first = reader.u8(name + " length");
    if (first < LONG_FORM) {
      return first;
    }
    int count = first - LONG_FORM;
    if (count == 0 || count > 4) {
      throw new Malformed(field + "." + name, "a length of at most four bytes", "0x" + first);
    }
    long length = 0;
    for (byte b : reader.bytes(name + " length", count)) {
      length = (length << 8) | (b & 0xff);
    }
    if (length < LONG_FORM || length >>> (8 * (count - 1)) == 0) {
      throw new Malformed(field + "." + name, "a length in its shortest form", "a longer one");
    }
    return length;
  }

  private byte[] shortest(String name, byte[] v) throws Malformed {
    boolean padded = v.length > 1 && ((v[0] == 0 && v[1] >= 0) || (v[0] == -1 && v[1] < 0));
    if (v.length == 0 || padded) {
      throw new Malformed(field + "." + name, "an integer in its shortest form", "a longer one");
    }
    return v;
  }
}
