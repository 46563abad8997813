package dev.leasehold.enclave.model.engine;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * The plaintext of one model file, in anonymous shared memory: no file on any disk holds it, and it
 * can be overwritten while an engine still has it mapped.
 *
 * <p>It is a Linux memfd. The opener of the sealed package decrypts straight into {@link #bytes},
 * then {@link #seal} forbids every other way to write or resize it. llama.cpp maps {@link #path}
 * read-only and computes on these very pages: there is no second copy of the weights, and {@link
 * #wipe} through our own mapping, the only writable one, destroys them for the engine too.
 */
public final class ModelMemory implements AutoCloseable {
  private static final int F_SEAL_SEAL = 0x01;
  private static final int F_SEAL_SHRINK = 0x02;
  private static final int F_SEAL_GROW = 0x04;

  /** Linux 5.1: no new writable mapping and no write(2); mappings made before stay writable. */
  private static final int F_SEAL_FUTURE_WRITE = 0x10;

  private final int fd;
  private final MemorySegment bytes;
  private boolean open = true;

  private ModelMemory(int fd, MemorySegment bytes) {
    this.fd = fd;
    this.bytes = bytes;
  }

  /** Zeroed memory of exactly {@code size} bytes, at least 1. */
  public static ModelMemory allocate(long size) {
    if (size < 1) {
      throw new IllegalArgumentException("size: expected at least 1, found " + size);
    }
    int fd = Libc.memfd();
    try {
      Libc.truncate(fd, size);
      return new ModelMemory(fd, Libc.map(fd, size));
    } catch (RuntimeException e) {
      Libc.close(fd);
      throw e;
    }
  }

  /** Allocates, copies and seals. The source may be wiped afterwards. */
  public static ModelMemory copyOf(MemorySegment source) {
    ModelMemory memory = allocate(source.byteSize());
    memory.bytes.copyFrom(source);
    memory.seal();
    return memory;
  }

  /** The bytes, writable for the holder of this object. Invalid after {@link #close}. */
  public MemorySegment bytes() {
    return bytes;
  }

  /** From now on only {@link #bytes} can change the contents, and nothing the size. */
  public void seal() {
    Libc.seal(fd, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL);
  }

  /** Where an engine in this process opens it; gone after {@link #close}. */
  public Path path() {
    return Path.of("/proc/self/fd/" + fd);
  }

  /** Overwrites the contents with zeros, for every mapping of it. */
  public synchronized void wipe() {
    if (open) {
      bytes.fill((byte) 0);
    }
  }

  /** Wipes, then gives the memory back. An engine that still maps it reads zeros. */
  @Override
  public synchronized void close() {
    if (open) {
      wipe();
      open = false;
      Libc.unmap(bytes);
      Libc.close(fd);
    }
  }
}
