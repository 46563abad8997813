package dev.leasehold.core.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleBuilder;
import dev.leasehold.core.testing.Fuzz;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One file of a little more than 2 GiB in the nightly run, of a few blocks otherwise, made chunk by
 * chunk so that it is never on disk.
 */
@Tag("D24")
class LargeFileTest {
  private static final int BLOCK = ChunkFormat.PLAIN_BYTES;
  private static final Id PACKAGE = new Id("ab".repeat(16));

  private final long size = (long) Fuzz.scaled(41) * BLOCK + 5;
  private final byte[] block = new byte[BLOCK];
  private final SecretBytes dek = SecretBytes.taking(new byte[32]);

  @Test
  void opensIntoOneSegment() throws Exception {
    PackageFile file = new PackageFile("big", size, fileRoot(), new Hash("ee".repeat(32)));
    PackageIndex index = new PackageIndex(List.of(file));
    byte[] json = index.encode();
    byte[] head = new ByteWriter().u32(json.length).bytes(json).toByteArray();
    ChunkFormat format = ChunkFormat.of(PACKAGE, index.streamBytes());
    ChunkSource source = (i, into) -> into.copyFrom(MemorySegment.ofArray(chunk(format, head, i)));
    MerkleBuilder ciphertext = new MerkleBuilder();
    for (long i = 0; i < format.chunkCount(); i++) {
      ciphertext.add(Merkle.leaf(chunk(format, head, i)));
    }
    PackageValues values =
        new PackageValues(
            PACKAGE,
            PACKAGE,
            format.chunkCount(),
            format.plainBytes(),
            ciphertext.root(),
            index.modelDigest(),
            PackageValues.dekCommit(PACKAGE, dek));
    try (Arena arena = Arena.ofConfined();
        OpenedPackage opened =
            new PackageOpener(source, f -> arena.allocate(f.bytes()), Progress.NONE)
                .open(values, dek)) {
      assertThat(opened.content("big").orElseThrow().byteSize()).isEqualTo(size);
    }
  }

  /** The stream is the head and then zeros. */
  private byte[] chunk(ChunkFormat format, byte[] head, long i) {
    byte[] plain = i == 0 ? Arrays.copyOf(head, BLOCK) : block;
    byte[] out = new byte[format.sealedLength(i)];
    try (AesGcm gcm = new AesGcm(dek)) {
      gcm.seal(
          format.nonce(i),
          format.aad(i),
          ByteBuffer.wrap(plain, 0, format.plainLength(i)),
          ByteBuffer.wrap(out));
    }
    return out;
  }

  private Hash fileRoot() {
    MerkleBuilder tree = new MerkleBuilder();
    Hash whole = Merkle.leaf(block);
    for (long i = 0; i < size / BLOCK; i++) {
      tree.add(whole);
    }
    return tree.add(Merkle.leaf(new byte[(int) (size % BLOCK)])).root();
  }
}
