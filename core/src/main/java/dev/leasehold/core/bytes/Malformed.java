package dev.leasehold.core.bytes;

import org.jspecify.annotations.Nullable;

/**
 * Input that is not what its format says. Carries which field, what was expected and what was
 * found, so that whoever sent it can mend it.
 */
public final class Malformed extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 80;

  private final String field;
  private final String expected;
  private final String found;

  public Malformed(String field, String expected, String found) {
    super(field + ": expected " + expected + ", found " + shorten(found));
    this.field = field;
    this.expected = expected;
    this.found = shorten(found);
  }

  /** Compares a field with the one value it may have. */
  public static void requireSame(String field, Object expected, @Nullable Object found)
      throws Malformed {
    if (!expected.equals(found)) {
      throw new Malformed(field, String.valueOf(expected), String.valueOf(found));
    }
  }

  public String field() {
    return field;
  }

  public String expected() {
    return expected;
  }

  public String found() {
    return found;
  }

  private static String shorten(String s) {
    return s.length() <= SHOWN ? s : s.substring(0, SHOWN) + "… (" + s.length() + " characters)";
  }
}
