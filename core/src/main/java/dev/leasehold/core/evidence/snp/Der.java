package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Malformed;
import java.nio.charset.StandardCharsets;

/** The three DER values that AMD's certificate extensions consist of, read strictly. */
final class Der {
  private static final int INTEGER = 0x02;
  private static final int OCTET_STRING = 0x04;
  private static final int IA5_STRING = 0x16;

  private Der() {}

  static byte[] octetString(String field, byte[] der) throws Malformed {
    return value(field, OCTET_STRING, der);
  }

  static String ia5String(String field, byte[] der) throws Malformed {
    byte[] ascii = value(field, IA5_STRING, der);
    for (byte b : ascii) {
      if (b < 0x20 || b == 0x7f) {
        throw new Malformed(field, "printable ASCII", "byte " + (b & 0xff));
      }
    }
    return new String(ascii, StandardCharsets.US_ASCII);
  }

  /** A non-negative integer of one byte, in its shortest form. */
  static int smallInteger(String field, byte[] der) throws Malformed {
    byte[] v = value(field, INTEGER, der);
    boolean oneByte = v.length == 1 && v[0] >= 0;
    boolean signByte = v.length == 2 && v[0] == 0 && v[1] < 0;
    if (!oneByte && !signByte) {
      throw new Malformed(field, "an integer from 0 to 255", v.length + " bytes");
    }
    return v[v.length - 1] & 0xff;
  }

  /** Lengths up to 127 only: nothing AMD puts here is longer. */
  private static byte[] value(String field, int tag, byte[] der) throws Malformed {
    ByteReader r = ByteReader.bigEndian(field, der);
    int found = r.u8("tag");
    if (found != tag) {
      throw new Malformed(field, "DER tag " + tag, "tag " + found);
    }
    int length = r.u8("length");
    if (length > 127) {
      throw new Malformed(field, "a length up to 127", "long form " + length);
    }
    byte[] value = r.bytes("value", length);
    r.end();
    return value;
  }
}
