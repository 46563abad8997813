package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Id;
import java.nio.charset.StandardCharsets;

/** How the plaintext stream is cut into chunks, and how each chunk is bound to its place. */
record ChunkFormat(Id packageId, long chunkCount, long plainBytes) {
  static final int PLAIN_BYTES = 1 << 20;
  static final int SEALED_BYTES = PLAIN_BYTES + AesGcm.TAG_BYTES;

  private static final byte[] LABEL = "leasehold/1/chunk".getBytes(StandardCharsets.US_ASCII);

  static ChunkFormat of(Id packageId, long plainBytes) {
    return new ChunkFormat(packageId, chunksFor(plainBytes), plainBytes);
  }

  static long chunksFor(long plainBytes) {
    return Math.ceilDiv(plainBytes, PLAIN_BYTES);
  }

  int plainLength(long index) {
    return (int) Math.min(PLAIN_BYTES, plainBytes - index * PLAIN_BYTES);
  }

  int sealedLength(long index) {
    return plainLength(index) + AesGcm.TAG_BYTES;
  }

  long sealedOffset(long index) {
    return index * SEALED_BYTES;
  }

  long sealedTotal() {
    return plainBytes + chunkCount * AesGcm.TAG_BYTES;
  }

  byte[] nonce(long index) {
    return new ByteWriter().u32(0).u64(index).toByteArray();
  }

  byte[] aad(long index) {
    return new ByteWriter()
        .bytes(LABEL)
        .u8(0)
        .bytes(packageId.bytes())
        .u64(index)
        .u64(chunkCount)
        .u32(plainLength(index))
        .toByteArray();
  }
}
