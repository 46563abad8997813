package dev.leasehold.core.bytes;

/** A SHA-256 value: 64 lowercase hex digits on the wire (protocol §4.1 {@code hash}). */
public record Hash(String hex) implements Comparable<Hash> {
  public static final int BYTES = 32;

  public Hash {
    Hex.require("Hash", BYTES, hex);
  }

  public static Hash of(byte[] bytes) {
    return new Hash(Hex.encode(bytes));
  }

  public byte[] bytes() {
    return Hex.bytes(hex);
  }

  @Override
  public int compareTo(Hash other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
