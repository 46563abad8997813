package dev.leasehold.core.bytes;

/**
 * A random identifier of 16 bytes: 32 lowercase hex digits on the wire (protocol §4.1 {@code id}).
 */
public record Id(String hex) implements Comparable<Id> {
  public static final int BYTES = 16;

  public Id {
    Hex.require("Id", BYTES, hex);
  }

  public static Id of(byte[] bytes) {
    return new Id(Hex.encode(bytes));
  }

  public byte[] bytes() {
    return Hex.bytes(hex);
  }

  @Override
  public int compareTo(Id other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
