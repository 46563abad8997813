package dev.leasehold.core.seal;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleBuilder;
import dev.leasehold.core.seal.PackageRefused.Check;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a model as pass 1 of sealing found them, with the hash of every block, so that pass
 * 2 can refuse a block that changed (protocol §5.1).
 */
final class ModelFiles {
  /** Where a file lies and what its blocks hash to. */
  private record Source(Path location, PackageFile file, List<Hash> blocks) {}

  /** Takes verified blocks in stream order; the segment is overwritten after each. */
  @FunctionalInterface
  interface BlockSink {
    void accept(MemorySegment block) throws IOException;
  }

  private final List<Source> sources;

  private ModelFiles(List<Source> sources) {
    this.sources = sources;
  }

  /** Pass 1 over a single file or over all files of a folder, links followed. */
  static ModelFiles index(Path model, Progress progress) throws IOException, Malformed {
    List<Named> named = find(model);
    long total = 0;
    for (Named n : named) {
      total += Files.size(n.location);
    }
    List<Source> sources = new ArrayList<>();
    long done = 0;
    for (Named n : named) {
      Source source = hash(n, progress, done, total);
      sources.add(source);
      done += source.file.bytes();
    }
    return new ModelFiles(sources);
  }

  PackageIndex index() {
    return new PackageIndex(sources.stream().map(Source::file).toList());
  }

  /** Pass 2: every block in order, each compared with pass 1 before it is handed on. */
  void read(BlockSink sink) throws IOException, PackageRefused {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(ChunkFormat.PLAIN_BYTES);
      MessageDigest sha256 = CryptoProvider.sha256();
      for (Source s : sources) {
        try (FileChannel in = FileChannel.open(s.location, StandardOpenOption.READ)) {
          read(s, in, block, sha256, sink);
        }
      }
      block.fill((byte) 0);
    }
  }

  private static void read(
      Source s, FileChannel in, MemorySegment block, MessageDigest sha256, BlockSink sink)
      throws IOException, PackageRefused {
    PackageRefused.require(Check.UNCHANGED, s.file.path(), s.file.bytes(), in.size());
    for (int i = 0; i < s.blocks.size(); i++) {
      long position = (long) i * ChunkFormat.PLAIN_BYTES;
      MemorySegment part =
          block.asSlice(0, Math.min(ChunkFormat.PLAIN_BYTES, s.file.bytes() - position));
      SealedFolder.readFully(in, part, position, s.file.path());
      PackageRefused.require(
          Check.UNCHANGED,
          s.file.path() + " block " + i,
          s.blocks.get(i),
          Merkle.leaf(sha256, part.asByteBuffer()));
      sink.accept(part);
    }
  }

  private record Named(String path, Path location) {}

  private static List<Named> find(Path model) throws IOException, Malformed {
    List<Named> named = new ArrayList<>();
    if (Files.isRegularFile(model)) {
      named.add(new Named(String.valueOf(model.getFileName()), model));
    } else {
      try (Stream<Path> walk = Files.walk(model, FileVisitOption.FOLLOW_LINKS)) {
        for (Path p : (Iterable<Path>) walk::iterator) {
          if (!Files.isDirectory(p)) {
            named.add(new Named(slashed(model.relativize(p)), p));
          }
        }
      }
    }
    if (named.isEmpty()) {
      throw new Malformed("model", "at least one file", "none in " + model);
    }
    for (Named n : named) {
      Optional<String> fault = PackageFile.pathFault(n.path);
      if (fault.isPresent()) {
        throw new Malformed("model file", fault.get(), n.path);
      }
      if (!Files.isRegularFile(n.location)) {
        throw new Malformed("model file", "a regular file", n.path);
      }
    }
    named.sort((a, b) -> Arrays.compareUnsigned(utf8(a.path), utf8(b.path)));
    return named;
  }

  private static Source hash(Named n, Progress progress, long before, long total)
      throws IOException {
    try (FileChannel in = FileChannel.open(n.location, StandardOpenOption.READ);
        Arena arena = Arena.ofConfined()) {
      MemorySegment block = arena.allocate(ChunkFormat.PLAIN_BYTES);
      MessageDigest leaves = CryptoProvider.sha256();
      MessageDigest whole = CryptoProvider.sha256();
      MerkleBuilder tree = new MerkleBuilder();
      List<Hash> blocks = new ArrayList<>();
      long size = in.size();
      for (long at = 0; at < size; at += ChunkFormat.PLAIN_BYTES) {
        MemorySegment part = block.asSlice(0, Math.min(ChunkFormat.PLAIN_BYTES, size - at));
        SealedFolder.readFully(in, part, at, n.path);
        whole.update(part.asByteBuffer());
        Hash leaf = Merkle.leaf(leaves, part.asByteBuffer());
        tree.add(leaf);
        blocks.add(leaf);
        progress.at(Progress.Stage.INDEX, before + at + part.byteSize(), total);
      }
      PackageFile file = new PackageFile(n.path, size, tree.root(), Hash.of(whole.digest()));
      return new Source(n.location, file, blocks);
    }
  }

  private static String slashed(Path relative) {
    List<String> names = new ArrayList<>();
    relative.forEach(name -> names.add(name.toString()));
    return String.join("/", names);
  }

  private static byte[] utf8(String path) {
    return path.getBytes(StandardCharsets.UTF_8);
  }
}
