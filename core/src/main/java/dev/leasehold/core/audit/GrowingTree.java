package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleTree;
import dev.leasehold.core.log.NodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Every complete subtree of a growing tree, 64 bytes an entry: roots of all its past sizes. */
final class GrowingTree implements NodeSource {
  private final List<Level> levels = new ArrayList<>();

  /** The hashes of one level, in order. */
  private static final class Level {
    private byte[] bytes = new byte[64 * Hash.BYTES];
    private int count;

    void add(Hash hash) {
      int at = count * Hash.BYTES;
      if (at == bytes.length) {
        bytes = Arrays.copyOf(bytes, 2 * bytes.length);
      }
      System.arraycopy(hash.bytes(), 0, bytes, at, Hash.BYTES);
      count++;
    }

    Hash get(int index) {
      return Hash.of(Arrays.copyOfRange(bytes, index * Hash.BYTES, (index + 1) * Hash.BYTES));
    }
  }

  long size() {
    return levels.isEmpty() ? 0 : levels.getFirst().count;
  }

  void append(byte[] entry) {
    Hash hash = Merkle.leaf(entry);
    for (int level = 0; ; level++) {
      if (level == levels.size()) {
        levels.add(new Level());
      }
      Level at = levels.get(level);
      at.add(hash);
      if (at.count % 2 == 1) {
        return;
      }
      hash = Merkle.node(at.get(at.count - 2), at.get(at.count - 1));
    }
  }

  /** Forgets all but the first entries. */
  void cutTo(long size) {
    for (int level = 0; level < levels.size(); level++) {
      levels.get(level).count = (int) (size >> level);
    }
  }

  Hash rootAt(long size) {
    return new MerkleTree(size, this).root();
  }

  @Override
  public Hash node(int level, long index) {
    return levels.get(level).get((int) index);
  }
}
