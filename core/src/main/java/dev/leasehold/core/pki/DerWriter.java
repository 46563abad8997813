package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.ByteWriter;
import java.math.BigInteger;
import java.util.Arrays;

/** Writes values in DER (X.690 §10), each from its parts. */
final class DerWriter {
  private static final int LONG_FORM = 0x80;

  private DerWriter() {}

  static byte[] value(int tag, byte[]... parts) {
    byte[] content = new ByteWriter().bytes(parts).toByteArray();
    return new ByteWriter().u8(tag).bytes(length(content.length), content).toByteArray();
  }

  static byte[] sequence(byte[]... parts) {
    return value(DerReader.SEQUENCE, parts);
  }

  static byte[] octetString(byte[] bytes) {
    return value(DerReader.OCTET_STRING, bytes);
  }

  /** The first two numbers share one place (X.690 §8.19.4). */
  static byte[] objectIdentifier(String dotted) {
    int[] arcs = Arrays.stream(dotted.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
    ByteWriter out = new ByteWriter();
    base128(out, 40 * arcs[0] + arcs[1]);
    Arrays.stream(arcs).skip(2).forEach(arc -> base128(out, arc));
    return value(DerReader.OBJECT_IDENTIFIER, out.toByteArray());
  }

  private static void base128(ByteWriter out, int number) {
    int highest = (Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(number)) - 1) / 7;
    for (int i = highest; i >= 0; i--) {
      int more = i == 0 ? 0 : 0x80;
      out.u8(((number >>> (7 * i)) & 0x7f) | more);
    }
  }

  /** In the shortest form. */
  private static byte[] length(int length) {
    if (length < LONG_FORM) {
      return new ByteWriter().u8(length).toByteArray();
    }
    byte[] number = BigInteger.valueOf(length).toByteArray();
    byte[] shortest = number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
    return new ByteWriter().u8(LONG_FORM | shortest.length).bytes(shortest).toByteArray();
  }
}
