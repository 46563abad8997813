package dev.leasehold.core.seal;

import java.lang.foreign.MemorySegment;

/** Gives the memory that a file of a package is opened into. */
@FunctionalInterface
public interface FileAllocator {
  /** A writable native segment of exactly {@code file.bytes()} bytes, also beyond 2 GiB. */
  MemorySegment allocate(PackageFile file);
}
