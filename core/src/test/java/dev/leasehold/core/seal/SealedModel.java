package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.seal.OpenedPackage.OpenedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A model of several files, sealed on disk, that a test can break and open. */
final class SealedModel {
  /** Files that begin, end and straddle at chunk and block borders, and an empty last one. */
  static final List<Integer> SIZES = List.of(5, 0, 3 << 20, (1 << 20) + 1, 1 << 20, 77, 0);

  final Path model;
  final Path folder;
  final Path pendingDek;
  final PackageValues values;
  final SecretBytes dek;
  final List<MemorySegment> allocated = new ArrayList<>();

  private SealedModel(Path root, PackageValues values, SecretBytes dek) {
    this.model = root.resolve("model");
    this.folder = root.resolve("sealed");
    this.pendingDek = root.resolve("dek");
    this.values = values;
    this.dek = dek;
  }

  static SealedModel create(Path root) throws Exception {
    Path model = writeModel(root);
    PackageValues values =
        new PackageSealer(new SecureRandom(), Progress.NONE)
            .seal(model, root.resolve("sealed"), root.resolve("dek"));
    try (PendingDek pending = PendingDek.read(root.resolve("dek"))) {
      return new SealedModel(root, values, pending.dek().copy());
    }
  }

  static Path writeModel(Path root) throws IOException {
    Path model = root.resolve("model");
    Random random = new Random(7);
    Files.createDirectories(model.resolve("d"));
    for (int i = 0; i < SIZES.size(); i++) {
      byte[] content = new byte[SIZES.get(i)];
      random.nextBytes(content);
      Files.write(model.resolve(i % 2 == 0 ? "f" + i : "d/f" + i), content);
    }
    return model;
  }

  /** Opens what lies on disk now. */
  OpenedPackage open() throws Exception {
    return open(values, dek);
  }

  OpenedPackage open(PackageValues with, SecretBytes key) throws Exception {
    try (FileChannel chunks = FileChannel.open(folder.resolve(SealedFolder.CHUNKS))) {
      return open(SealedFolder.chunks(chunks), with, key);
    }
  }

  OpenedPackage open(ChunkSource source, PackageValues with, SecretBytes key) throws Exception {
    allocated.clear();
    FileAllocator allocator =
        file -> {
          MemorySegment segment = Arena.ofAuto().allocate(file.bytes());
          allocated.add(segment);
          return segment;
        };
    return new PackageOpener(source, allocator, Progress.NONE).open(with, key);
  }

  Map<String, Hash> contents(OpenedPackage opened) {
    Map<String, Hash> out = new TreeMap<>();
    for (OpenedFile f : opened.files()) {
      out.put(f.file().path(), sha256(f.content()));
    }
    return out;
  }

  static Hash sha256(MemorySegment content) {
    var digest = CryptoProvider.sha256();
    digest.update(content.asByteBuffer());
    return Hash.of(digest.digest());
  }
}
