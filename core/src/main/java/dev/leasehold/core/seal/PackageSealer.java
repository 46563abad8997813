package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Seals a model into a package folder in two passes (protocol §5.1): the first fixes the index and
 * the hash of every block, the second encrypts only blocks that still have that hash. So one key
 * never meets two plaintexts, even when a file changes meanwhile or a run is killed and repeated.
 *
 * <p>The folder appears complete or not at all. It lacks the signed statement, which the caller
 * makes of the returned values and adds with {@link SealedFolder#writeStatement}.
 */
public final class PackageSealer {
  private final SecureRandom random;
  private final Progress progress;

  public PackageSealer(SecureRandom random, Progress progress) {
    this.random = random;
    this.progress = progress;
  }

  /**
   * Seals a model under a key of its own.
   *
   * @param model a file, or a folder of files
   * @param folder the package to make; must not exist
   * @param pendingDek where the key waits for its import; outside {@code folder}. A key left there
   *     by a killed run of the same model is used again, any other is discarded
   * @throws PackageRefused when a file changes during sealing; key and package are discarded
   * @throws Malformed when a file name cannot be in a package or the pending key is damaged
   */
  public PackageValues seal(Path model, Path folder, Path pendingDek)
      throws IOException, PackageRefused, Malformed {
    if (Files.exists(folder)) {
      throw new FileAlreadyExistsException(folder.toString());
    }
    if (pendingDek.toAbsolutePath().normalize().startsWith(folder.toAbsolutePath().normalize())) {
      throw new Malformed("pendingDek", "a file outside the package folder", pendingDek.toString());
    }
    ModelFiles files = ModelFiles.index(model, progress);
    PackageIndex index = files.index();
    byte[] json = index.encode();
    if (json.length > PackageIndex.MAX_BYTES) {
      throw new Malformed("index", "at most 4 MiB: fewer files", json.length + " bytes");
    }
    try (PendingDek pending = pendingFor(Digests.sha256(json), folder, pendingDek)) {
      boolean done = false;
      try {
        PackageValues values = encrypt(files, index, json, folder, pending);
        done = true;
        return values;
      } finally {
        if (!done) {
          pending.discard();
        }
      }
    }
  }

  private PendingDek pendingFor(Hash index, Path folder, Path file) throws IOException, Malformed {
    if (Files.exists(file)) {
      PendingDek left = PendingDek.read(file);
      deleteTree(workFolder(folder, left));
      if (left.index().equals(index)) {
        return left;
      }
      left.discard();
    }
    return PendingDek.create(file, index, random);
  }

  private PackageValues encrypt(
      ModelFiles files, PackageIndex index, byte[] json, Path folder, PendingDek pending)
      throws IOException, PackageRefused {
    Path work = Files.createDirectory(workFolder(folder, pending));
    try {
      ChunkFormat format = ChunkFormat.of(pending.packageId(), index.streamBytes());
      Hash ciphertextRoot;
      try (ChunkWriter out = new ChunkWriter(work, format, pending.dek(), progress)) {
        byte[] head = new ByteWriter().u32(json.length).bytes(json).toByteArray();
        out.write(MemorySegment.ofArray(head));
        files.read(out::write);
        ciphertextRoot = out.finish();
      }
      SealedFolder.sync(work);
      Files.move(work, folder, StandardCopyOption.ATOMIC_MOVE);
      SealedFolder.syncName(folder);
      return new PackageValues(
          pending.packageId(),
          pending.dekId(),
          format.chunkCount(),
          format.plainBytes(),
          ciphertextRoot,
          index.modelDigest(),
          PackageValues.dekCommit(pending.packageId(), pending.dek()));
    } finally {
      deleteTree(work);
    }
  }

  private static Path workFolder(Path folder, PendingDek pending) {
    return folder.resolveSibling("." + folder.getFileName() + ".sealing-" + pending.packageId());
  }

  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> walk = Files.walk(folder)) {
      deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path p : deepestFirst) {
      Files.delete(p);
    }
  }
}
