package dev.leasehold.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleBuilder;
import dev.leasehold.core.seal.PackageRefused.Check;
import dev.leasehold.core.testing.Fuzz;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageOpenerTest {
  private static final Hash OTHER = new Hash("ee".repeat(32));
  private static final int CHUNK = ChunkFormat.SEALED_BYTES;

  @TempDir Path root;
  private SealedModel sealed;
  private byte[] chunks;

  @BeforeEach
  void seal() throws Exception {
    sealed = SealedModel.create(root);
    chunks = Files.readAllBytes(sealed.folder.resolve(SealedFolder.CHUNKS));
  }

  @Test
  void everyFileComesOutAsItWas() throws Exception {
    try (OpenedPackage opened = sealed.open()) {
      Map<String, Hash> expected = new TreeMap<>();
      for (var f : opened.files()) {
        expected.put(
            f.file().path(),
            Digests.sha256(Files.readAllBytes(sealed.model.resolve(f.file().path()))));
        assertThat(f.file().sha256()).isEqualTo(expected.get(f.file().path()));
      }
      assertThat(expected).hasSize(SealedModel.SIZES.size());
      assertThat(sealed.contents(opened)).isEqualTo(expected);
      assertThat(opened.content("f0")).isPresent();
      assertThat(opened.content("f1")).isEmpty();
    }
    assertThat(sealed.values.chunkCount()).isEqualTo(chunks.length / CHUNK + 1);
    assertWiped();
  }

  @Test
  void anotherKeyIsRefusedBeforeAnyChunkIsRead() {
    byte[] key = sealed.dek.exposeArray();
    key[31] ^= 1;
    ChunkSource untouched =
        (i, into) -> {
          throw new AssertionError("read chunk " + i);
        };
    assertRefused(
        Check.DEK_COMMIT, () -> sealed.open(untouched, sealed.values, SecretBytes.taking(key)));
    assertRefused(
        Check.DEK_COMMIT,
        () -> sealed.open(untouched, sealed.values, SecretBytes.taking(new byte[16])));
    assertRefused(
        Check.DEK_COMMIT,
        () -> sealed.open(untouched, with(values -> values.dekCommit = OTHER), sealed.dek));
  }

  @Test
  void countsMustFit() {
    assertRefused(Check.CHUNK_COUNT, () -> sealed.open(with(v -> v.chunkCount++), sealed.dek));
    assertRefused(Check.CHUNK_COUNT, () -> sealed.open(with(v -> v.chunkCount--), sealed.dek));
    assertRefused(Check.PLAIN_BYTES, () -> sealed.open(with(v -> v.size(3)), sealed.dek));
    assertRefused(Check.PLAIN_BYTES, () -> sealed.open(with(v -> v.size(0)), sealed.dek));
    assertRefused(Check.PLAIN_BYTES, () -> sealed.open(with(v -> v.size(-9)), sealed.dek));
  }

  @Test
  void everyFlippedChunkIsRefused() {
    for (int at = 0; at < chunks.length; at += chunks.length / 20) {
      byte[] broken = chunks.clone();
      broken[at] ^= 0x40;
      int chunk = at / CHUNK;
      assertThatThrownBy(() -> sealed.open(source(broken), sealed.values, sealed.dek))
          .isInstanceOf(PackageRefused.class)
          .hasMessageContaining("CHUNK_TAG: chunk " + chunk + ":");
      assertWiped();
    }
  }

  @Test
  void aChunkInAnotherPlaceIsRefused() {
    ChunkSource swapped = (i, into) -> source(chunks).read(i == 1 ? 2 : i == 2 ? 1 : i, into);
    assertRefused(Check.CHUNK_TAG, () -> sealed.open(swapped, sealed.values, sealed.dek));
    ChunkSource repeated = (i, into) -> source(chunks).read(i == 3 ? 2 : i, into);
    assertRefused(Check.CHUNK_TAG, () -> sealed.open(repeated, sealed.values, sealed.dek));
  }

  @Test
  void aChunkOfAnotherPackageIsRefused() {
    assertRefused(
        Check.CHUNK_TAG,
        () -> {
          Id other = new Id("00".repeat(16));
          Hash commit = PackageValues.dekCommit(other, sealed.dek);
          sealed.open(
              with(v -> {
                v.packageId = other;
                v.dekCommit = commit;
              }),
              sealed.dek);
        });
  }

  @Test
  void aMissingChunkIsAnIoErrorAndEverythingIsWiped() {
    byte[] cut = Arrays.copyOf(chunks, chunks.length - 100);
    assertThatThrownBy(() -> sealed.open(source(cut), sealed.values, sealed.dek))
        .isInstanceOf(IOException.class);
    assertThat(sealed.allocated).isNotEmpty();
    assertWiped();
  }

  @Test
  void theSignedRootsMustMatch() {
    assertRefused(
        Check.CIPHERTEXT_ROOT, () -> sealed.open(with(v -> v.ciphertextRoot = OTHER), sealed.dek));
    assertThat(sealed.allocated).isNotEmpty();
    assertRefused(
        Check.MODEL_DIGEST, () -> sealed.open(with(v -> v.modelDigest = OTHER), sealed.dek));
  }

  /** The forgeries below need the key: they are what a careless or hostile sealer could sign. */
  @Test
  void aFileThatIsNotItsRootIsRefusedAndWiped() throws Exception {
    Forged forged = new Forged();
    forged.files.add(file("a", "abc", OTHER));
    assertRefused(Check.FILE_ROOT, forged::open);
    assertThat(sealed.allocated).hasSize(1);

    Forged second = new Forged();
    second.files.add(file("a", "abc"));
    second.files.add(file("b", "", OTHER));
    assertThatThrownBy(second::open).hasMessageContaining("FILE_ROOT: b");
    assertWiped();
  }

  @Test
  void aTrueForgeryOpens() throws Exception {
    Forged forged = new Forged();
    forged.files.add(file("a", "abc"));
    forged.files.add(file("b", ""));
    try (OpenedPackage opened = forged.open()) {
      assertThat(opened.content("a").orElseThrow().toArray(ValueLayout.JAVA_BYTE))
          .containsExactly('a', 'b', 'c');
    }
  }

  @Test
  void lengthsThatDoNotAddUpAreRefusedBeforeAllocation() {
    Forged longer = new Forged();
    longer.files.add(file("a", "abc"));
    longer.declared = 1L << 50;
    assertRefused(Check.PLAIN_BYTES, longer::open);
    assertThat(sealed.allocated).isEmpty();

    Forged trailing = new Forged();
    trailing.files.add(file("a", "abc"));
    trailing.trailing = new byte[1];
    assertRefused(Check.PLAIN_BYTES, trailing::open);
  }

  @Test
  void aMalformedIndexIsRefused() {
    for (String json : List.of("", "{}", "{\"v\":1,\"files\":[] }", "\u0000")) {
      Forged forged = new Forged();
      forged.index = json.getBytes(StandardCharsets.UTF_8);
      assertRefused(Check.INDEX, forged::open);
    }
  }

  @Test
  void anIndexLengthBeyondTheStreamOrTheLimitIsRefusedWithoutAllocation() {
    for (long length : new long[] {1000, PackageIndex.MAX_BYTES + 1, 0xffffffffL}) {
      Forged forged = new Forged();
      forged.indexLength = length;
      assertRefused(Check.INDEX, forged::open);
    }
  }

  @Test
  void anIndexLongerThanAChunkOpens() throws Exception {
    Forged forged = new Forged();
    for (int i = 0; i < 7000; i++) {
      forged.files.add(file("file-%05d".formatted(i), i % 1000 == 0 ? "x" : ""));
    }
    try (OpenedPackage opened = forged.open()) {
      assertThat(opened.files()).hasSize(7000);
      assertThat(new PackageIndex(opened.files().stream().map(f -> f.file()).toList()).encode())
          .hasSizeGreaterThan(ChunkFormat.PLAIN_BYTES);
    }
  }

  @Test
  void anAllocatorThatGivesTheWrongSizeIsABug() {
    PackageOpener opener =
        new PackageOpener(
            source(chunks), file -> MemorySegment.ofArray(new byte[1]), Progress.NONE);
    assertThatThrownBy(() -> opener.open(sealed.values, sealed.dek))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void progressEndsAtTheTotal() throws Exception {
    List<Long> seen = new ArrayList<>();
    new PackageOpener(
            source(chunks),
            f -> Arena.ofAuto().allocate(f.bytes()),
            (stage, done, total) -> {
              assertThat(stage).isEqualTo(Progress.Stage.OPEN);
              assertThat(total).isEqualTo(sealed.values.plainBytes());
              seen.add(done);
            })
        .open(sealed.values, sealed.dek);
    assertThat(seen)
        .isSorted()
        .hasSize((int) sealed.values.chunkCount())
        .endsWith(sealed.values.plainBytes());
  }

  @Test
  void mutatedStreamsOpenOrAreRefused() throws Exception {
    Forged valid = new Forged();
    valid.files.add(file("a", "abc"));
    valid.files.add(file("b", "defg"));
    Fuzz.mutate(
        4,
        valid.stream(),
        1500,
        stream -> {
          try {
            new Forged().openStream(stream, valid.modelDigest()).close();
          } catch (PackageRefused expected) {
            assertWiped();
          }
        });
  }

  private static ChunkSource source(byte[] chunksBin) {
    return (index, into) -> {
      long at = index * CHUNK;
      if (at + into.byteSize() > chunksBin.length) {
        throw new EOFException("chunk " + index);
      }
      MemorySegment.copy(
          chunksBin, (int) at, into, ValueLayout.JAVA_BYTE, 0, (int) into.byteSize());
    };
  }

  private void assertRefused(Check check, ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(PackageRefused.class, e -> assertThat(e.check()).isEqualTo(check))
        .hasMessageStartingWith(check + ": ");
    assertWiped();
  }

  private void assertWiped() {
    for (MemorySegment s : sealed.allocated) {
      for (long i = 0; i < s.byteSize(); i++) {
        assertThat(s.get(ValueLayout.JAVA_BYTE, i)).isZero();
      }
    }
  }

  /** The values of a statement, one of which a test changes. */
  private static final class Draft {
    Id packageId;
    long chunkCount;
    long plainBytes;
    Hash ciphertextRoot;
    Hash modelDigest;
    Hash dekCommit;

    Draft(PackageValues v) {
      packageId = v.packageId();
      chunkCount = v.chunkCount();
      plainBytes = v.plainBytes();
      ciphertextRoot = v.ciphertextRoot();
      modelDigest = v.modelDigest();
      dekCommit = v.dekCommit();
    }

    void size(long bytes) {
      plainBytes = bytes;
      chunkCount = ChunkFormat.chunksFor(bytes);
    }
  }

  private PackageValues with(Consumer<Draft> change) {
    Draft d = new Draft(sealed.values);
    change.accept(d);
    return new PackageValues(
        d.packageId,
        sealed.values.dekId(),
        d.chunkCount,
        d.plainBytes,
        d.ciphertextRoot,
        d.modelDigest,
        d.dekCommit);
  }

  private record Entry(PackageFile file, Bytes content) {}

  private static Entry file(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    MerkleBuilder tree = new MerkleBuilder();
    if (bytes.length > 0) {
      tree.add(Merkle.leaf(bytes));
    }
    return file(path, content, tree.root());
  }

  private static Entry file(String path, String content, Hash root) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new Entry(new PackageFile(path, bytes.length, root, OTHER), Bytes.of(bytes));
  }

  /** Seals any plaintext stream with genuine tags and genuine ciphertext root. */
  private final class Forged {
    final List<Entry> files = new ArrayList<>();
    byte[] index = {};
    long indexLength = -1;
    long declared = -1;
    byte[] trailing = {};

    byte[] stream() {
      byte[] json = index;
      if (!files.isEmpty()) {
        json = index().encode();
      }
      ByteWriter out =
          new ByteWriter().u32(indexLength < 0 ? json.length : indexLength).bytes(json);
      files.forEach(f -> out.bytes(f.content.toArray()));
      return out.bytes(trailing).toByteArray();
    }

    PackageIndex index() {
      List<PackageFile> all = new ArrayList<>(files.stream().map(Entry::file).toList());
      if (declared >= 0) {
        PackageFile f = all.removeLast();
        all.add(new PackageFile(f.path(), declared, f.root(), f.sha256()));
      }
      return new PackageIndex(all);
    }

    Hash modelDigest() {
      return index().modelDigest();
    }

    OpenedPackage open() throws Exception {
      return openStream(stream(), files.isEmpty() ? OTHER : modelDigest());
    }

    OpenedPackage openStream(byte[] stream, Hash modelDigest) throws Exception {
      Id id = sealed.values.packageId();
      ChunkFormat format = ChunkFormat.of(id, stream.length);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      MerkleBuilder tree = new MerkleBuilder();
      try (AesGcm gcm = new AesGcm(sealed.dek)) {
        for (int i = 0; i < format.chunkCount(); i++) {
          byte[] chunk = new byte[format.sealedLength(i)];
          gcm.seal(
              format.nonce(i),
              format.aad(i),
              ByteBuffer.wrap(stream, i * ChunkFormat.PLAIN_BYTES, format.plainLength(i)),
              ByteBuffer.wrap(chunk));
          tree.add(Merkle.leaf(chunk));
          out.writeBytes(chunk);
        }
      }
      PackageValues forged =
          new PackageValues(
              id,
              sealed.values.dekId(),
              format.chunkCount(),
              stream.length,
              tree.root(),
              modelDigest,
              sealed.values.dekCommit());
      return sealed.open(source(out.toByteArray()), forged, sealed.dek);
    }
  }
}
