package dev.leasehold.core.bytes;

/** Bytes of any length that travel as lowercase hex (protocol §4.1 {@code hex}); may be empty. */
public record HexBytes(String hex) {
  public static final HexBytes EMPTY = new HexBytes("");

  public HexBytes {
    if (!Hex.isLowerHex(hex)) {
      throw new IllegalArgumentException(
          "expected lowercase hex of even length, found '" + hex + "'");
    }
  }

  public static HexBytes of(byte[] bytes) {
    return new HexBytes(Hex.encode(bytes));
  }

  public byte[] bytes() {
    return Hex.bytes(hex);
  }

  public boolean isEmpty() {
    return hex.isEmpty();
  }

  @Override
  public String toString() {
    return hex;
  }
}
