package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.MaxBytes;
import java.util.List;

/**
 * The answer of {@code GET /log/proof?hash=H(m)} (protocol §10).
 *
 * @param index of the entry E(m)
 * @param size of the tree it is proven to be in
 * @param note the checkpoint of that tree
 */
public record InclusionProof(
    long index, long size, List<Bytes> proof, @MaxBytes(SignedNote.MAX_BYTES) String note) {

  public static InclusionProof of(long index, MerkleTree tree, String note) {
    return new InclusionProof(index, tree.size(), Hashes.encode(tree.inclusion(index)), note);
  }

  /**
   * The entry is in the log.
   *
   * @return the checkpoint it is under, signed by the log
   */
  public Checkpoint check(byte[] entry, String origin, Bytes key) throws Malformed {
    Checkpoint head = Checkpoint.parse(note, origin, key);
    if (head.size() != size) {
      throw new Malformed("proof.size", Long.toString(head.size()), Long.toString(size));
    }
    List<Hash> siblings = Hashes.decode(proof);
    MerkleProof.checkInclusion(index, size, Merkle.leaf(entry), siblings, head.root());
    return head;
  }
}
