package dev.leasehold.core.seal;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;

/**
 * A secret outside the heap, where no garbage collector copies it. {@link #close} overwrites it;
 * afterwards every access fails. It cannot be printed, compared or hashed by accident.
 *
 * <p>Not guaranteed: what leaves through the {@code expose} methods, and copies that a
 * cryptographic library keeps in its own native memory.
 */
public final class SecretBytes implements AutoCloseable {
  private final MemorySegment segment;
  private volatile boolean closed;

  private SecretBytes(int length) {
    // Freed by the collector, wiped by close(): a confined arena would tie a key to one thread.
    this.segment = Arena.ofAuto().allocate(length);
  }

  public static SecretBytes random(int length, SecureRandom random) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return taking(bytes);
  }

  /** Moves the secret out of the array, which is overwritten. */
  public static SecretBytes taking(byte[] bytes) {
    SecretBytes secret = new SecretBytes(bytes.length);
    MemorySegment.copy(bytes, 0, secret.segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    Arrays.fill(bytes, (byte) 0);
    return secret;
  }

  public SecretBytes copy() {
    SecretBytes secret = new SecretBytes(length());
    secret.segment.copyFrom(open());
    return secret;
  }

  public int length() {
    return (int) segment.byteSize();
  }

  /** A read-only view. */
  public MemorySegment expose() {
    return open().asReadOnly();
  }

  /** Lends a heap copy and overwrites it afterwards. */
  public <T> T exposeTo(Function<byte[], T> use) {
    byte[] bytes = exposeArray();
    try {
      return use.apply(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** A heap copy that the caller must overwrite. */
  public byte[] exposeArray() {
    return open().toArray(ValueLayout.JAVA_BYTE);
  }

  /** Compares in a time that does not depend on the contents. */
  public boolean matches(SecretBytes other) {
    MemorySegment a = open();
    MemorySegment b = other.open();
    if (a.byteSize() != b.byteSize()) {
      return false;
    }
    int difference = 0;
    for (long i = 0; i < a.byteSize(); i++) {
      difference |= a.get(ValueLayout.JAVA_BYTE, i) ^ b.get(ValueLayout.JAVA_BYTE, i);
    }
    return difference == 0;
  }

  public boolean isClosed() {
    return closed;
  }

  /** Overwrites the secret. May be called more than once. */
  @Override
  public void close() {
    closed = true;
    segment.fill((byte) 0);
  }

  private MemorySegment open() {
    if (closed) {
      throw new IllegalStateException("the secret was wiped");
    }
    return segment;
  }
}
