package dev.leasehold.core.seal;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** A package whose every check has passed, in plaintext. {@link #close} overwrites it. */
public record OpenedPackage(List<OpenedFile> files) implements AutoCloseable {
  public OpenedPackage {
    files = List.copyOf(files);
  }

  /** One verified file. */
  public record OpenedFile(PackageFile file, MemorySegment content) {}

  public Optional<MemorySegment> content(String path) {
    return files.stream()
        .filter(f -> f.file().path().equals(path))
        .map(OpenedFile::content)
        .findFirst();
  }

  /** Overwrites all files; the memory stays the allocator's. */
  @Override
  public void close() {
    files.forEach(f -> f.content().fill((byte) 0));
  }
}
