package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes what {@link MerkleProof} checks, as RFC 6962 §2.1 defines it.
 *
 * @param size leaves
 * @param nodes its complete subtrees
 */
public record MerkleTree(long size, NodeSource nodes) {
  public MerkleTree {
    if (size < 0) {
      throw new IllegalArgumentException("size: expected at least 0, found " + size);
    }
  }

  public Hash root() {
    return size == 0 ? Digests.EMPTY_SHA256 : range(0, size);
  }

  /** Proves which leaf is at {@code index}: the siblings on its way up to the root. */
  public List<Hash> inclusion(long index) {
    if (index < 0 || index >= size) {
      throw new IllegalArgumentException("index: expected 0 to " + (size - 1) + ", found " + index);
    }
    List<Hash> fromTop = new ArrayList<>();
    long from = 0;
    long to = size;
    while (to - from > 1) {
      long middle = middle(from, to);
      if (index < middle) {
        fromTop.add(range(middle, to));
        to = middle;
      } else {
        fromTop.add(range(from, middle));
        from = middle;
      }
    }
    return fromTop.reversed();
  }

  /** Proves that this tree begins with all leaves of its own tree of {@code oldSize}. */
  public List<Hash> consistency(long oldSize) {
    if (oldSize < 0 || oldSize > size) {
      throw new IllegalArgumentException("size: expected 0 to " + size + ", found " + oldSize);
    }
    if (oldSize == 0) {
      return List.of();
    }
    List<Hash> fromTop = new ArrayList<>();
    long from = 0;
    long to = size;
    while (oldSize < to) {
      long middle = middle(from, to);
      if (oldSize <= middle) {
        fromTop.add(range(middle, to));
        to = middle;
      } else {
        fromTop.add(range(from, middle));
        from = middle;
      }
    }
    if (from > 0) {
      fromTop.add(range(from, to));
    }
    return fromTop.reversed();
  }

  /** The root over some leaves; {@code from} is where the tree itself splits. */
  private Hash range(long from, long to) {
    long leaves = to - from;
    if (Long.bitCount(leaves) == 1) {
      int level = Long.numberOfTrailingZeros(leaves);
      return nodes.node(level, from >> level);
    }
    long middle = middle(from, to);
    return Merkle.node(range(from, middle), range(middle, to));
  }

  /** The largest power of two below the number of leaves goes to the left. */
  private static long middle(long from, long to) {
    return from + Long.highestOneBit(to - from - 1);
  }
}
