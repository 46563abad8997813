package dev.leasehold.core.seal;

import static dev.leasehold.core.seal.PackageRefused.require;

import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleBuilder;
import dev.leasehold.core.seal.OpenedPackage.OpenedFile;
import dev.leasehold.core.seal.PackageRefused.Check;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

/** Fills one file and hashes its blocks as they become complete. */
final class FileCheck {
  private final PackageFile file;
  private final MemorySegment content;
  private final MessageDigest sha256;
  private final MerkleBuilder blocks = new MerkleBuilder();
  private long filled;
  private long hashed;

  FileCheck(PackageFile file, MemorySegment content, MessageDigest sha256) {
    if (content.byteSize() != file.bytes()) {
      throw new IllegalArgumentException(
          file.path() + ": allocated " + content.byteSize() + " for " + file.bytes());
    }
    this.file = file;
    this.content = content;
    this.sha256 = sha256;
  }

  OpenedFile opened() {
    return new OpenedFile(file, content);
  }

  boolean isComplete() {
    return filled == file.bytes();
  }

  /** Returns how many of the bytes belonged to this file. */
  long take(MemorySegment bytes) {
    long n = Math.min(file.bytes() - filled, bytes.byteSize());
    MemorySegment.copy(bytes, 0, content, filled, n);
    filled += n;
    while (hashed < filled && (isComplete() || filled - hashed >= ChunkFormat.PLAIN_BYTES)) {
      long length = Math.min(ChunkFormat.PLAIN_BYTES, filled - hashed);
      blocks.add(Merkle.leaf(sha256, content.asSlice(hashed, length).asByteBuffer()));
      hashed += length;
    }
    return n;
  }

  void checkRoot() throws PackageRefused {
    require(Check.FILE_ROOT, file.path(), file.root(), blocks.root());
  }
}
