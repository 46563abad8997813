package dev.leasehold.core.seal;

import static dev.leasehold.core.seal.PackageRefused.require;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleBuilder;
import dev.leasehold.core.seal.PackageRefused.Check;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/**
 * Checks a package folder without its key: that it holds exactly the ciphertext which the statement
 * names. A relay can do this before it serves a byte; it says nothing about what is inside.
 */
public final class PackageInspector {
  private final Progress progress;

  public PackageInspector(Progress progress) {
    this.progress = progress;
  }

  public void inspect(Path folder, PackageValues values) throws IOException, PackageRefused {
    require(
        Check.CHUNK_COUNT,
        "chunks for " + values.plainBytes() + " bytes",
        ChunkFormat.chunksFor(values.plainBytes()),
        values.chunkCount());
    ChunkFormat format = ChunkFormat.of(values.packageId(), values.plainBytes());
    try (FileChannel chunks = open(folder, SealedFolder.CHUNKS, format.sealedTotal());
        FileChannel leaves =
            open(folder, SealedFolder.LEAVES, Math.multiplyExact(format.chunkCount(), 32L))) {
      require(
          Check.CIPHERTEXT_ROOT,
          "tree over chunks",
          values.ciphertextRoot(),
          root(format, chunks, leaves));
    }
  }

  private Hash root(ChunkFormat format, FileChannel chunks, FileChannel leaves)
      throws IOException, PackageRefused {
    MerkleBuilder tree = new MerkleBuilder();
    MessageDigest sha256 = CryptoProvider.sha256();
    long done = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(ChunkFormat.SEALED_BYTES);
      MemorySegment line = arena.allocate(Hash.BYTES);
      for (long i = 0; i < format.chunkCount(); i++) {
        MemorySegment chunk = buffer.asSlice(0, format.sealedLength(i));
        SealedFolder.readFully(chunks, chunk, format.sealedOffset(i), "chunk " + i);
        SealedFolder.readFully(leaves, line, i * Hash.BYTES, "leaf " + i);
        Hash leaf = Merkle.leaf(sha256, chunk.asByteBuffer());
        require(Check.CHUNK_LEAF, "chunk " + i, Hash.of(line.toArray(ValueLayout.JAVA_BYTE)), leaf);
        tree.add(leaf);
        done += chunk.byteSize();
        progress.at(Progress.Stage.INSPECT, done, format.sealedTotal());
      }
    }
    return tree.root();
  }

  private static FileChannel open(Path folder, String name, long expected)
      throws IOException, PackageRefused {
    FileChannel channel = FileChannel.open(folder.resolve(name), StandardOpenOption.READ);
    if (channel.size() != expected) {
      long found = channel.size();
      channel.close();
      throw new PackageRefused(Check.LENGTH, name, expected + " bytes", found + " bytes");
    }
    return channel;
  }
}
