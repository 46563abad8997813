package dev.leasehold.enclave.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.seal.PackageSealer;
import dev.leasehold.core.seal.PackageValues;
import dev.leasehold.core.seal.PendingDek;
import dev.leasehold.core.seal.Progress;
import dev.leasehold.core.seal.SealedFolder;
import dev.leasehold.core.seal.SecretBytes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/** A real model, sealed: its statement, its chunks and its key. */
public final class SealedModel {
  private static final int SEALED_CHUNK = (int) ModelPackage.CHUNK_BYTES + 16;

  public final ModelPackage modelPackage;
  public final SecretBytes dek;
  private final byte[] chunks;

  private SealedModel(ModelPackage modelPackage, SecretBytes dek, byte[] chunks) {
    this.modelPackage = modelPackage;
    this.dek = dek;
    this.chunks = chunks;
  }

  /** The small story model of {@code -Dleasehold.shared}, sealed in a folder. */
  public static SealedModel stories(Path home) throws Exception {
    return seal(
        "models/stories260K/stories260K-f32.gguf", ModelPackage.Format.GGUF, "stories", home);
  }

  public static SealedModel seal(String shared, ModelPackage.Format format, String name, Path home)
      throws Exception {
    Path file = Path.of(System.getProperty("leasehold.shared", "/nonexistent"), shared);
    assumeTrue(Files.exists(file), "no " + shared + " under -Dleasehold.shared");
    Path folder = home.resolve(name);
    Path pending = home.resolve(name + ".dek");
    PackageValues v =
        new PackageSealer(new SecureRandom(), Progress.NONE).seal(file, folder, pending);
    ModelPackage modelPackage =
        new ModelPackage(
            v.packageId(),
            name,
            "1",
            format,
            v.dekId(),
            ModelPackage.CHUNK_BYTES,
            v.chunkCount(),
            v.plainBytes(),
            v.ciphertextRoot(),
            v.modelDigest(),
            v.dekCommit(),
            512,
            new ModelPackage.Flops(1, 0, 1, 1, 1),
            List.of(),
            Approvers.NOW,
            List.of());
    try (PendingDek key = PendingDek.read(pending)) {
      return new SealedModel(
          modelPackage, key.dek().copy(), Files.readAllBytes(folder.resolve(SealedFolder.CHUNKS)));
    }
  }

  /** One chunk as the relay serves it. */
  byte[] chunk(int index) {
    int from = index * SEALED_CHUNK;
    return Arrays.copyOfRange(chunks, from, Math.min(from + SEALED_CHUNK, chunks.length));
  }
}
