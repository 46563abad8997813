package dev.leasehold.core.bytes;

import java.util.Arrays;
import java.util.HexFormat;

/** Lowercase hexadecimal, the only spelling the protocol knows (protocol §4.1). */
public final class Hex {
  private static final HexFormat LOWER = HexFormat.of();

  /** 1 for every character that is no digit: random digits make a bad guess of every branch. */
  private static final byte[] OTHERS = others();

  private Hex() {}

  private static byte[] others() {
    byte[] table = new byte[128];
    Arrays.fill(table, (byte) 1);
    for (char digit : "0123456789abcdef".toCharArray()) {
      table[digit] = 0;
    }
    return table;
  }

  public static String encode(byte[] bytes) {
    return LOWER.formatHex(bytes);
  }

  /** Decodes lowercase hex of even length. */
  public static byte[] decode(String field, String hex) throws Malformed {
    if (!isLowerHex(hex)) {
      throw new Malformed(field, "lowercase hex of even length", hex);
    }
    return LOWER.parseHex(hex);
  }

  static boolean isLowerHex(String s) {
    if (s.length() % 2 != 0) {
      return false;
    }
    int others = 0;
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      others |= c < OTHERS.length ? OTHERS[c] : 1;
    }
    return others == 0;
  }

  /** For values whose constructor has already checked the spelling. */
  static byte[] bytes(String checked) {
    return LOWER.parseHex(checked);
  }

  static String require(String type, int length, String hex) {
    if (hex.length() != 2 * length || !isLowerHex(hex)) {
      throw new IllegalArgumentException(
          type + ": expected " + 2 * length + " lowercase hex digits, found '" + hex + "'");
    }
    return hex;
  }
}
