package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Hash;

/** Where the complete subtrees of a tree are known. */
@FunctionalInterface
public interface NodeSource {
  /** The root over the {@code 2^level} leaves from leaf {@code index·2^level} on. */
  Hash node(int level, long index);
}
