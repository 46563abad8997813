package dev.leasehold.core.seal;

import static dev.leasehold.core.seal.PackageRefused.require;

import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleBuilder;
import dev.leasehold.core.seal.PackageRefused.Check;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Verifies and decrypts a sealed package chunk by chunk into memory that the caller provides
 * (protocol §5.1). Nothing is returned before every check has passed; on any failure all plaintext
 * is overwritten.
 */
public final class PackageOpener {
  private final ChunkSource source;
  private final FileAllocator allocator;
  private final Progress progress;

  public PackageOpener(ChunkSource source, FileAllocator allocator, Progress progress) {
    this.source = source;
    this.allocator = allocator;
    this.progress = progress;
  }

  public OpenedPackage open(PackageValues values, SecretBytes dek)
      throws IOException, PackageRefused {
    require(Check.DEK_COMMIT, "key length", AesGcm.KEY_BYTES, dek.length());
    require(
        Check.DEK_COMMIT,
        "the released key",
        values.dekCommit(),
        PackageValues.dekCommit(values.packageId(), dek));
    require(
        Check.CHUNK_COUNT,
        "chunks for " + values.plainBytes() + " bytes",
        ChunkFormat.chunksFor(values.plainBytes()),
        values.chunkCount());
    if (values.plainBytes() < Integer.BYTES) {
      throw new PackageRefused(Check.PLAIN_BYTES, "plainBytes", "at least 4", values.plainBytes());
    }
    try (Opening opening = new Opening(values, dek)) {
      return opening.run();
    }
  }

  /** One run. Closing it overwrites whatever was not handed out. */
  private final class Opening implements AutoCloseable {
    private final PackageValues values;
    private final ChunkFormat format;
    private final AesGcm gcm;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment sealed = arena.allocate(ChunkFormat.SEALED_BYTES);
    private final MemorySegment plain = arena.allocate(ChunkFormat.PLAIN_BYTES);
    private final MessageDigest sha256 = CryptoProvider.sha256();
    private final MerkleBuilder ciphertext = new MerkleBuilder();
    private final IndexCollector collector;
    private final List<FileCheck> files = new ArrayList<>();
    private int current;
    private boolean handedOut;

    Opening(PackageValues values, SecretBytes dek) {
      this.values = values;
      this.format = ChunkFormat.of(values.packageId(), values.plainBytes());
      this.gcm = new AesGcm(dek);
      this.collector = new IndexCollector(values.plainBytes());
    }

    OpenedPackage run() throws IOException, PackageRefused {
      for (long i = 0; i < format.chunkCount(); i++) {
        MemorySegment chunk = openChunk(i);
        take(chunk);
        progress.at(
            Progress.Stage.OPEN,
            i * ChunkFormat.PLAIN_BYTES + chunk.byteSize(),
            values.plainBytes());
      }
      require(
          Check.CIPHERTEXT_ROOT, "tree over chunks", values.ciphertextRoot(), ciphertext.root());
      handedOut = true;
      return new OpenedPackage(files.stream().map(FileCheck::opened).toList());
    }

    private MemorySegment openChunk(long i) throws IOException, PackageRefused {
      MemorySegment in = sealed.asSlice(0, format.sealedLength(i));
      source.read(i, in);
      ciphertext.add(Merkle.leaf(sha256, in.asByteBuffer()));
      MemorySegment out = plain.asSlice(0, format.plainLength(i));
      try {
        gcm.open(format.nonce(i), format.aad(i), in.asByteBuffer(), out.asByteBuffer());
      } catch (OpenFailed e) {
        throw new PackageRefused(Check.CHUNK_TAG, "chunk " + i, "a genuine tag", "another");
      }
      return out;
    }

    /** Distributes the next bytes of the stream to the index, then to the files. */
    private void take(MemorySegment chunk) throws PackageRefused {
      long used = 0;
      if (!collector.isComplete()) {
        used = collector.take(chunk);
        if (!collector.isComplete()) {
          return;
        }
        start(collector.index());
      }
      for (; current < files.size(); current++) {
        FileCheck file = files.get(current);
        used += file.take(chunk.asSlice(used));
        if (!file.isComplete()) {
          return;
        }
        file.checkRoot();
      }
    }

    private void start(PackageIndex index) throws PackageRefused {
      require(
          Check.PLAIN_BYTES, "index and files together", values.plainBytes(), index.streamBytes());
      require(Check.MODEL_DIGEST, "tree over files", values.modelDigest(), index.modelDigest());
      for (PackageFile file : index.files()) {
        files.add(new FileCheck(file, allocator.allocate(file), sha256));
      }
    }

    @Override
    public void close() {
      gcm.close();
      plain.fill((byte) 0);
      if (!handedOut) {
        files.forEach(f -> f.opened().content().fill((byte) 0));
      }
      arena.close();
    }
  }
}
