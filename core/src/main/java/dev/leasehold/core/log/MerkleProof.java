package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.List;

/** Checks proofs against a tree head (RFC 9162 §2.1.3.2 and §2.1.4.2, the tree of RFC 6962). */
public final class MerkleProof {
  private MerkleProof() {}

  /** The leaf is at {@code index} in the tree of {@code size} leaves whose root is {@code root}. */
  public static void checkInclusion(long index, long size, Hash leaf, List<Hash> proof, Hash root)
      throws Malformed {
    if (index < 0 || index >= size) {
      throw new Malformed("inclusion.index", "0 <= index < " + size, Long.toString(index));
    }
    Walk walk = new Walk("inclusion.proof", index, size - 1);
    Hash computed = leaf;
    for (Hash sibling : proof) {
      computed = walk.step() ? Merkle.node(sibling, computed) : Merkle.node(computed, sibling);
    }
    walk.end();
    requireRoot("inclusion.root", root, computed);
  }

  /** The tree of {@code newSize} leaves begins with all leaves of the tree of {@code oldSize}. */
  public static void checkConsistency(
      long oldSize, Hash oldRoot, long newSize, Hash newRoot, List<Hash> proof) throws Malformed {
    if (oldSize < 0 || oldSize > newSize) {
      throw new Malformed(
          "consistency.size", "an old size of at most " + newSize, Long.toString(oldSize));
    }
    if (oldSize == 0 || oldSize == newSize) {
      requireRoot("consistency.oldRoot", oldSize == 0 ? Digests.EMPTY_SHA256 : newRoot, oldRoot);
      requireNoProof(proof);
      return;
    }
    List<Hash> path = new ArrayList<>(proof);
    if (Long.bitCount(oldSize) == 1) {
      path.addFirst(oldRoot);
    }
    if (path.isEmpty()) {
      throw new Malformed("consistency.proof", "at least one hash", "none");
    }
    Walk walk = new Walk("consistency.proof", oldSize - 1, newSize - 1);
    walk.skipRightEdges();
    Hash oldComputed = path.getFirst();
    Hash newComputed = path.getFirst();
    for (Hash sibling : path.subList(1, path.size())) {
      if (walk.step()) {
        oldComputed = Merkle.node(sibling, oldComputed);
        newComputed = Merkle.node(sibling, newComputed);
      } else {
        newComputed = Merkle.node(newComputed, sibling);
      }
    }
    walk.end();
    requireRoot("consistency.oldRoot", oldRoot, oldComputed);
    requireRoot("consistency.newRoot", newRoot, newComputed);
  }

  private static void requireNoProof(List<Hash> proof) throws Malformed {
    if (!proof.isEmpty()) {
      throw new Malformed("consistency.proof", "no hashes", proof.size() + " hashes");
    }
  }

  private static void requireRoot(String field, Hash expected, Hash found) throws Malformed {
    if (!expected.equals(found)) {
      throw new Malformed(field, expected.hex(), found.hex());
    }
  }

  /** The way from a node at the bottom up to the root, as the RFCs walk it. */
  private static final class Walk {
    private final String field;
    private long node;
    private long last;

    Walk(String field, long node, long last) {
      this.field = field;
      this.node = node;
      this.last = last;
    }

    void skipRightEdges() {
      while ((node & 1) == 1) {
        up();
      }
    }

    /** One level with a sibling; true when the sibling is on the left. */
    boolean step() throws Malformed {
      if (last == 0) {
        throw new Malformed(field, "as many hashes as the tree has levels", "more");
      }
      boolean left = (node & 1) == 1 || node == last;
      if (left) {
        while ((node & 1) == 0 && node != 0) {
          up();
        }
      }
      up();
      return left;
    }

    void end() throws Malformed {
      if (last != 0) {
        throw new Malformed(field, "as many hashes as the tree has levels", "fewer");
      }
    }

    private void up() {
      node >>= 1;
      last >>= 1;
    }
  }
}
