package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleBuilder;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** Cuts a stream into chunks, encrypts them, and writes chunks and leaf hashes. */
final class ChunkWriter implements AutoCloseable {
  private final ChunkFormat format;
  private final Progress progress;
  private final AesGcm gcm;
  private final FileChannel chunks;
  private final FileChannel leaves;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment plain = arena.allocate(ChunkFormat.PLAIN_BYTES);
  private final MemorySegment sealed = arena.allocate(ChunkFormat.SEALED_BYTES);
  private final MessageDigest sha256 = CryptoProvider.sha256();
  private final MerkleBuilder tree = new MerkleBuilder();
  private long filled;

  ChunkWriter(Path folder, ChunkFormat format, SecretBytes dek, Progress progress)
      throws IOException {
    this.format = format;
    this.progress = progress;
    this.chunks = create(folder.resolve(SealedFolder.CHUNKS));
    this.leaves = create(folder.resolve(SealedFolder.LEAVES));
    this.gcm = new AesGcm(dek);
  }

  void write(MemorySegment bytes) throws IOException {
    long used = 0;
    while (used < bytes.byteSize()) {
      long n = Math.min(bytes.byteSize() - used, format.plainLength(tree.size()) - filled);
      MemorySegment.copy(bytes, used, plain, filled, n);
      used += n;
      filled += n;
      if (filled == format.plainLength(tree.size())) {
        sealChunk();
      }
    }
  }

  /** Makes everything durable and returns {@code ciphertextRoot}. */
  Hash finish() throws IOException {
    if (tree.size() != format.chunkCount()) {
      throw new IllegalStateException(tree.size() + " of " + format.chunkCount() + " chunks");
    }
    chunks.force(true);
    leaves.force(true);
    return tree.root();
  }

  private void sealChunk() throws IOException {
    long index = tree.size();
    MemorySegment out = sealed.asSlice(0, format.sealedLength(index));
    gcm.seal(
        format.nonce(index),
        format.aad(index),
        plain.asSlice(0, filled).asByteBuffer(),
        out.asByteBuffer());
    SealedFolder.writeFully(chunks, out.asByteBuffer());
    Hash leaf = Merkle.leaf(sha256, out.asByteBuffer());
    SealedFolder.writeFully(leaves, ByteBuffer.wrap(leaf.bytes()));
    tree.add(leaf);
    progress.at(Progress.Stage.SEAL, index * ChunkFormat.PLAIN_BYTES + filled, format.plainBytes());
    filled = 0;
  }

  @Override
  public void close() throws IOException {
    gcm.close();
    plain.fill((byte) 0);
    arena.close();
    try (leaves) {
      chunks.close();
    }
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}
