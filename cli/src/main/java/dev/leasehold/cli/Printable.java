package dev.leasehold.cli;

import java.util.regex.Pattern;

/** Text from elsewhere, made fit for a terminal. */
final class Printable {
  /** Everything that could move a cursor, change a colour or turn the direction of writing. */
  private static final Pattern UNSAFE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}&&[^\n]]");

  private static final Pattern LONG_HEX = Pattern.compile("\\b[0-9a-f]{25,}\\b");
  private static final int HEAD = 12;
  private static final int TAIL = 6;

  private Printable() {}

  static String safe(String text) {
    return UNSAFE.matcher(text).replaceAll("?");
  }

  /** Long runs of hex by their first and last digits. */
  static String shortened(String text) {
    return LONG_HEX
        .matcher(text)
        .replaceAll(m -> {
          String hex = m.group();
          return hex.substring(0, HEAD) + "…" + hex.substring(hex.length() - TAIL);
        });
  }
}
