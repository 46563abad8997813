package dev.leasehold.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.seal.PackageRefused.Check;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageInspectorTest {
  @TempDir Path root;
  private SealedModel sealed;
  private final PackageInspector inspector = new PackageInspector(Progress.NONE);

  @BeforeEach
  void seal() throws Exception {
    sealed = SealedModel.create(root);
  }

  @Test
  void aGenuineFolderPasses() throws Exception {
    inspector.inspect(sealed.folder, sealed.values);
  }

  @Test
  void eachFlippedChunkIsNamed() throws Exception {
    Path file = sealed.folder.resolve("chunks.bin");
    byte[] chunks = Files.readAllBytes(file);
    for (int i = 0; i < sealed.values.chunkCount(); i++) {
      byte[] broken = chunks.clone();
      broken[i * ChunkFormat.SEALED_BYTES] ^= 1;
      Files.write(file, broken);
      assertThatThrownBy(() -> inspector.inspect(sealed.folder, sealed.values))
          .hasMessageStartingWith("CHUNK_LEAF: chunk " + i + ":");
    }
  }

  @Test
  void aFlippedLeafIsRefused() throws Exception {
    Path file = sealed.folder.resolve("leaves.bin");
    byte[] leaves = Files.readAllBytes(file);
    leaves[33] ^= 1;
    Files.write(file, leaves);
    assertRefused(Check.CHUNK_LEAF, sealed.values);
  }

  @Test
  void lengthsMustBeExact() throws Exception {
    for (String name : new String[] {"chunks.bin", "leaves.bin"}) {
      Path file = sealed.folder.resolve(name);
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
      assertRefused(Check.LENGTH, sealed.values);
      Files.write(file, Arrays.copyOf(bytes, bytes.length + 1));
      assertRefused(Check.LENGTH, sealed.values);
      Files.write(file, bytes);
    }
  }

  @Test
  void theStatementMustMatch() {
    PackageValues v = sealed.values;
    assertRefused(
        Check.CIPHERTEXT_ROOT, values(v.chunkCount(), v.plainBytes(), new Hash("ee".repeat(32))));
    assertRefused(
        Check.CHUNK_COUNT, values(v.chunkCount() + 1, v.plainBytes(), v.ciphertextRoot()));
    assertRefused(Check.LENGTH, values(v.chunkCount(), v.plainBytes() - 1, v.ciphertextRoot()));
  }

  private PackageValues values(long chunkCount, long plainBytes, Hash ciphertextRoot) {
    PackageValues v = sealed.values;
    return new PackageValues(
        v.packageId(),
        v.dekId(),
        chunkCount,
        plainBytes,
        ciphertextRoot,
        v.modelDigest(),
        v.dekCommit());
  }

  private void assertRefused(Check check, PackageValues values) {
    assertThatThrownBy(() -> inspector.inspect(sealed.folder, values))
        .isInstanceOfSatisfying(PackageRefused.class, e -> assertThat(e.check()).isEqualTo(check));
  }
}
