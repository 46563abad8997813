package dev.leasehold.core.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.seal.PackageRefused.Check;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageSealerTest {
  @TempDir Path root;
  private Path folder;
  private Path pendingDek;
  private final PackageSealer sealer = new PackageSealer(new SecureRandom(), Progress.NONE);

  @BeforeEach
  void paths() {
    folder = root.resolve("sealed");
    pendingDek = root.resolve("dek");
  }

  /** Protocol §20, byte for byte. The key waits as if a run had been killed just before sealing. */
  @Test
  void theSealedPackageOfTheSpecification() throws Exception {
    Path model = Files.createDirectory(root.resolve("model"));
    Files.writeString(model.resolve("a.txt"), "abc");
    Files.writeString(model.resolve("b.txt"), "");
    byte[] index = ModelFiles.index(model, Progress.NONE).index().encode();
    assertThat(new String(index, StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"v\":1,\"files\":[{\"path\":\"a.txt\",\"bytes\":3,"
                + "\"root\":\"609f6e36d2405585188d5cfd761f407c7cc46a7d3f314c88270469dde315fcd1\","
                + "\"sha256\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"},"
                + "{\"path\":\"b.txt\",\"bytes\":0,"
                + "\"root\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\","
                + "\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\"}]}")
        .hasSize(371);
    Id packageId = new Id("000102030405060708090a0b0c0d0e0f");
    Id dekId = new Id("ab".repeat(16));
    PendingDek.store(
            pendingDek,
            packageId,
            dekId,
            Digests.sha256(index),
            SecretBytes.taking(
                Hex.decode(
                    "dek", "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f")))
        .close();

    assertThat(sealer.seal(model, folder, pendingDek))
        .isEqualTo(
            new PackageValues(
                packageId,
                dekId,
                1,
                378,
                new Hash("03ee5796b9a8625139f9879ae5c4c93257d3194781c59ef9d28584e5aacc6b82"),
                new Hash("9a6462563698880190d990a836ef2c3c8b911777b5ad631c507e39fd37d9ccd7"),
                new Hash("c4544f9da3a424710c3e8fa4d6ace658963d4eea06e35f4c55fcdd6d45a618b2")));
    byte[] chunks = Files.readAllBytes(folder.resolve("chunks.bin"));
    assertThat(Digests.sha256(chunks).hex())
        .isEqualTo("11fae715a82ea45263e21549940d00c1bd0de9cab239f7ea6e75da0809a3efc1");
    assertThat(Hex.encode(Arrays.copyOfRange(chunks, 378, 394)))
        .isEqualTo("8123ae3872e67525d041b347801e0316");
    assertThat(Hex.encode(Files.readAllBytes(folder.resolve("leaves.bin"))))
        .isEqualTo("03ee5796b9a8625139f9879ae5c4c93257d3194781c59ef9d28584e5aacc6b82");
  }

  @Test
  void theKeyWaitsWhereOnlyItsOwnerReads() throws Exception {
    PackageValues values = sealer.seal(SealedModel.writeModel(root), folder, pendingDek);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pendingDek)))
        .isEqualTo("rw-------");
    try (PendingDek pending = PendingDek.read(pendingDek)) {
      assertThat(pending.packageId()).isEqualTo(values.packageId());
      assertThat(pending.dekId()).isEqualTo(values.dekId());
      assertThat(PackageValues.dekCommit(values.packageId(), pending.dek()))
          .isEqualTo(values.dekCommit());
      pending.discard();
    }
    assertThat(pendingDek).doesNotExist();
    assertThat(names(root)).containsExactlyInAnyOrder("model", "sealed");
    assertThat(names(folder)).containsExactlyInAnyOrder("chunks.bin", "leaves.bin");
  }

  @Test
  void aSingleFileIsAModelToo() throws Exception {
    Path file = Files.writeString(root.resolve("model.gguf"), "GGUF");
    sealer.seal(file, folder, pendingDek);
    assertThat(ModelFiles.index(file, Progress.NONE).index().files().getFirst().path())
        .isEqualTo("model.gguf");
  }

  @Test
  void twoSealsShareNothing() throws Exception {
    Path model = SealedModel.writeModel(root);
    PackageValues first = sealer.seal(model, folder, pendingDek);
    PackageValues second = sealer.seal(model, root.resolve("other"), root.resolve("dek2"));
    assertThat(second.modelDigest()).isEqualTo(first.modelDigest());
    assertThat(second.packageId()).isNotEqualTo(first.packageId());
    assertThat(second.dekCommit()).isNotEqualTo(first.dekCommit());
    assertThat(second.ciphertextRoot()).isNotEqualTo(first.ciphertextRoot());
  }

  @Test
  void aKilledRunOfTheSameModelGoesOnWithItsKey() throws Exception {
    Path model = SealedModel.writeModel(root);
    PackageValues first = sealer.seal(model, folder, pendingDek);
    byte[] chunks = Files.readAllBytes(folder.resolve("chunks.bin"));
    // As a run killed in pass 2 leaves it: a work folder with half the chunks, and the key.
    Path work = root.resolve(".sealed.sealing-" + first.packageId());
    Files.move(folder, work);
    Files.write(work.resolve("chunks.bin"), Arrays.copyOf(chunks, chunks.length / 2));

    assertThat(sealer.seal(model, folder, pendingDek)).isEqualTo(first);
    assertThat(Files.readAllBytes(folder.resolve("chunks.bin"))).isEqualTo(chunks);
    assertThat(work).doesNotExist();
  }

  @Test
  void aKeyOfAnotherIndexIsDiscarded() throws Exception {
    Path model = SealedModel.writeModel(root);
    PackageValues first = sealer.seal(model, folder, pendingDek);
    Files.move(folder, root.resolve(".sealed.sealing-" + first.packageId()));
    Files.write(model.resolve("f0"), new byte[] {1}, StandardOpenOption.APPEND);

    PackageValues second = sealer.seal(model, folder, pendingDek);
    assertThat(second.packageId()).isNotEqualTo(first.packageId());
    assertThat(second.dekId()).isNotEqualTo(first.dekId());
    assertThat(second.dekCommit()).isNotEqualTo(first.dekCommit());
    assertThat(names(root)).containsExactlyInAnyOrder("model", "sealed", "dek");
  }

  @Test
  void aFileThatChangesBetweenThePassesDiscardsEverything() throws Exception {
    Path model = SealedModel.writeModel(root);
    Path big = model.resolve("f2");
    byte[] content = Files.readAllBytes(big);
    byte[] changed = content.clone();
    changed[2 << 20] ^= 1;
    assertChangeRefused(model, () -> Files.write(big, changed), "f2 block 2");
    Files.write(big, content);
    assertChangeRefused(
        model,
        () -> Files.write(big, new byte[1], StandardOpenOption.APPEND),
        "UNCHANGED: f2: expected 3145728, found 3145729");
    Files.write(big, content);
    assertChangeRefused(model, () -> Files.write(big, new byte[9]), "UNCHANGED: f2: ");
  }

  /** Something the owner of the files does meanwhile. */
  @FunctionalInterface
  private interface Change {
    void run() throws IOException;
  }

  private void assertChangeRefused(Path model, Change change, String message) throws Exception {
    Progress meanwhile =
        (stage, done, total) -> {
          if (stage == Progress.Stage.INDEX && done == total) {
            try {
              change.run();
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          }
        };
    assertThatThrownBy(
            () -> new PackageSealer(new SecureRandom(), meanwhile).seal(model, folder, pendingDek))
        .isInstanceOfSatisfying(
            PackageRefused.class, e -> assertThat(e.check()).isEqualTo(Check.UNCHANGED))
        .hasMessageContaining(message);
    assertThat(names(root)).containsExactly("model");
  }

  @Test
  void aFileThatVanishesLeavesNothingBehind() throws Exception {
    Path model = SealedModel.writeModel(root);
    Progress meanwhile =
        (stage, done, total) -> {
          if (stage == Progress.Stage.SEAL) {
            throw new UncheckedIOException(new IOException("disk full"));
          }
        };
    assertThatThrownBy(
            () -> new PackageSealer(new SecureRandom(), meanwhile).seal(model, folder, pendingDek))
        .hasMessageContaining("disk full");
    assertThat(names(root)).containsExactly("model");
  }

  @Test
  void whatExistsIsNotOverwritten() throws Exception {
    Path model = SealedModel.writeModel(root);
    Files.createDirectory(folder);
    assertThatThrownBy(() -> sealer.seal(model, folder, pendingDek))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(pendingDek).doesNotExist();
  }

  @Test
  void theKeyMustNotLieInThePackage() throws Exception {
    Path model = SealedModel.writeModel(root);
    assertThatThrownBy(() -> sealer.seal(model, folder, folder.resolve("dek")))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("outside the package folder");
  }

  @Test
  void namesThatCannotBeInAPackageAreNamed() throws Exception {
    Path model = SealedModel.writeModel(root);
    Files.writeString(model.resolve("say \"hi\""), "");
    assertThatThrownBy(() -> sealer.seal(model, folder, pendingDek))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("say \"hi\"");
    Path empty = Files.createDirectory(root.resolve("empty"));
    assertThatThrownBy(() -> sealer.seal(empty, folder, pendingDek))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("at least one file");
  }

  @Test
  void progressOfBothPassesEndsAtTheirTotals() throws Exception {
    Path model = SealedModel.writeModel(root);
    EnumMap<Progress.Stage, Long> last = new EnumMap<>(Progress.Stage.class);
    PackageValues values =
        new PackageSealer(new SecureRandom(), (stage, done, total) -> last.put(stage, total - done))
            .seal(model, folder, pendingDek);
    assertThat(last).containsEntry(Progress.Stage.INDEX, 0L).containsEntry(Progress.Stage.SEAL, 0L);
    assertThat(values.plainBytes()).isGreaterThan(5L << 20);
  }

  @Test
  void aStatementIsAddedAndReplacedWhole() throws Exception {
    sealer.seal(SealedModel.writeModel(root), folder, pendingDek);
    SealedFolder.writeStatement(folder, new byte[] {1});
    SealedFolder.writeStatement(folder, new byte[] {2, 3});
    assertThat(Files.readAllBytes(folder.resolve("package.json"))).containsExactly(2, 3);
    assertThat(names(folder)).containsExactlyInAnyOrder("chunks.bin", "leaves.bin", "package.json");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(p -> p.getFileName().toString()).toList();
    }
  }
}
