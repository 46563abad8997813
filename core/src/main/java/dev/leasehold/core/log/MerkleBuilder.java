package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes the root of a growing tree in logarithmic space. It holds the roots of the complete
 * subtrees that the leaves so far fall into: one for each set bit of the size.
 */
public final class MerkleBuilder {
  /** The complete subtrees, largest first. */
  private final List<Hash> subtrees = new ArrayList<>();

  private long size;

  public MerkleBuilder add(Hash leaf) {
    Hash merged = leaf;
    for (long bits = size; (bits & 1) == 1; bits >>= 1) {
      merged = Merkle.node(subtrees.removeLast(), merged);
    }
    subtrees.add(merged);
    size++;
    return this;
  }

  public long size() {
    return size;
  }

  /** The root over the leaves so far; of no leaves, SHA-256 of the empty string. */
  public Hash root() {
    return subtrees.reversed().stream()
        .reduce((right, left) -> Merkle.node(left, right))
        .orElse(Digests.EMPTY_SHA256);
  }
}
