package dev.leasehold.enclave.api;

import dev.leasehold.core.bytes.Nonce;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Nonces that were used, 32 bytes each and at most so many: an open-addressed table, because a
 * million boxed ones would take a good part of the heap. Not safe for concurrent use.
 */
final class NonceSet {
  private static final int LONGS = Nonce.BYTES / Long.BYTES;
  private static final int FIRST_SLOTS = 1024;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private final int capacity;

  /** Clients choose nonces: without a secret they could choose ones that collide. */
  private final long secret;

  private long[] table = new long[FIRST_SLOTS * LONGS];
  private boolean hasZero;
  private int size;

  NonceSet(int capacity, SecureRandom random) {
    this.capacity = capacity;
    this.secret = random.nextLong();
  }

  boolean isFull() {
    return size >= capacity;
  }

  /** Adds a nonce; false when it was there already. The set must not be full. */
  boolean add(Nonce nonce) {
    long[] value = longs(nonce);
    if (isZero(value, 0)) { // all zero marks a free slot
      boolean fresh = !hasZero;
      hasZero = true;
      size += fresh ? 1 : 0;
      return fresh;
    }
    if (4L * size >= 3L * (table.length / LONGS)) {
      grow();
    }
    int at = find(table, value);
    if (!isZero(table, at)) {
      return false;
    }
    System.arraycopy(value, 0, table, at, LONGS);
    size++;
    return true;
  }

  /** Where the value is, or where it belongs. */
  private int find(long[] in, long[] value) {
    int slots = in.length / LONGS;
    long h = secret;
    for (long part : value) {
      h = (h ^ part) * MIX;
      h ^= h >>> 32;
    }
    for (int slot = (int) (h & (slots - 1)); ; slot = (slot + 1) & (slots - 1)) {
      int at = slot * LONGS;
      if (isZero(in, at) || Arrays.equals(in, at, at + LONGS, value, 0, LONGS)) {
        return at;
      }
    }
  }

  private void grow() {
    long[] larger = new long[2 * table.length];
    for (int at = 0; at < table.length; at += LONGS) {
      if (!isZero(table, at)) {
        long[] value = Arrays.copyOfRange(table, at, at + LONGS);
        System.arraycopy(value, 0, larger, find(larger, value), LONGS);
      }
    }
    table = larger;
  }

  private static boolean isZero(long[] in, int at) {
    return (in[at] | in[at + 1] | in[at + 2] | in[at + 3]) == 0;
  }

  private static long[] longs(Nonce nonce) {
    long[] out = new long[LONGS];
    ByteBuffer.wrap(nonce.bytes()).asLongBuffer().get(out);
    return out;
  }
}
