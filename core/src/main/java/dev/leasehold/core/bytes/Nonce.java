package dev.leasehold.core.bytes;

/** 32 random bytes: 64 lowercase hex digits on the wire (protocol §4.1 {@code hex32}). */
public record Nonce(String hex) implements Comparable<Nonce> {
  public static final int BYTES = 32;

  public Nonce {
    Hex.require("Nonce", BYTES, hex);
  }

  public static Nonce of(byte[] bytes) {
    return new Nonce(Hex.encode(bytes));
  }

  public byte[] bytes() {
    return Hex.bytes(hex);
  }

  @Override
  public int compareTo(Nonce other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
