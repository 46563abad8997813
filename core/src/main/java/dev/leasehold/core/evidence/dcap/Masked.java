package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import java.util.Arrays;

/** Comparison under a mask, as Intel's signed statements ask for it. */
final class Masked {
  private Masked() {}

  /** Whether the bits of {@code got} that {@code mask} selects are {@code expected}. */
  static boolean equal(HexBytes got, HexBytes mask, HexBytes expected) {
    byte[] bits = got.bytes();
    byte[] selected = mask.bytes();
    if (bits.length != selected.length) {
      return false;
    }
    for (int i = 0; i < bits.length; i++) {
      bits[i] &= selected[i];
    }
    return Arrays.equals(bits, expected.bytes());
  }
}
