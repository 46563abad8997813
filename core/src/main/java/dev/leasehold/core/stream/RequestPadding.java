package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Malformed;

/**
 * Hides the length of a request in a power of two: {@code u32 n ‖ JSON(n) ‖ zeros}, the smallest
 * that fits, 1 KiB to 16 MiB (protocol §11.2).
 */
final class RequestPadding {
  static final int MIN_BYTES = 1 << 10;
  static final int MAX_BYTES = 1 << 24;
  private static final int HEAD_BYTES = 4;

  private RequestPadding() {}

  /** The padded length of {@code n} bytes; above {@link #MAX_BYTES} when they cannot be sent. */
  static long bucket(long n) {
    return Math.max(MIN_BYTES, Long.highestOneBit(2 * (n + HEAD_BYTES) - 1));
  }

  static boolean isBucket(long length) {
    return length >= MIN_BYTES && length <= MAX_BYTES && Long.bitCount(length) == 1;
  }

  static byte[] pad(byte[] json) {
    int total = (int) bucket(json.length);
    return new ByteWriter()
        .u32(json.length)
        .bytes(json)
        .zeros(total - HEAD_BYTES - json.length)
        .toByteArray();
  }

  /** Exactly what {@link #pad} makes. */
  static byte[] unpad(byte[] padded) throws Malformed {
    ByteReader in = ByteReader.bigEndian("request", padded);
    long n = in.u32("n");
    byte[] json = in.bytes("json", n);
    if (bucket(n) != padded.length) {
      throw new Malformed(
          "request.padding", bucket(n) + " bytes for " + n, padded.length + " bytes");
    }
    in.zeros("padding", in.remaining());
    return json;
  }
}
