package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.List;

/** The answer of {@code GET /log/proof?from=a&to=b}: tree b begins with tree a (protocol §10). */
public record ConsistencyProof(long from, long to, List<Bytes> proof) {

  public static ConsistencyProof of(long from, MerkleTree tree) {
    return new ConsistencyProof(from, tree.size(), Hashes.encode(tree.consistency(from)));
  }

  /** The log has only grown between two checkpoints. */
  public void check(Checkpoint older, Checkpoint newer) throws Malformed {
    if (from != older.size() || to != newer.size()) {
      throw new Malformed(
          "proof", older.size() + " to " + newer.size() + " entries", from + " to " + to);
    }
    MerkleProof.checkConsistency(from, older.root(), to, newer.root(), Hashes.decode(proof));
  }
}
