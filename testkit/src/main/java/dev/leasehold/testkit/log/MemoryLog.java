package dev.leasehold.testkit.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.InclusionProof;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A log in memory; every answer is by a checkpoint over all it holds at that moment. */
public final class MemoryLog {
  private final String origin;
  private final Ed25519Signer key;
  private final List<Hash> leaves = new ArrayList<>();
  private final Map<Hash, Integer> places = new HashMap<>();

  public MemoryLog(String origin, Ed25519Signer key) {
    this.origin = origin;
    this.key = key;
  }

  public synchronized MemoryLog add(Envelope entry) {
    places.put(entry.hash(), leaves.size());
    return add(entry.write());
  }

  /** Something that nobody looks up. */
  public synchronized MemoryLog add(String entry) {
    leaves.add(Merkle.leaf(entry.getBytes(UTF_8)));
    return this;
  }

  public synchronized Checkpoint checkpoint() {
    MerkleTree tree = tree(leaves.size());
    return new Checkpoint(origin, tree.size(), tree.root());
  }

  /** The checkpoint, signed. */
  public synchronized String note() {
    return checkpoint().sign(key);
  }

  /** Empty for what was not added. */
  public synchronized Optional<InclusionProof> inclusion(Hash statement) {
    return Optional.ofNullable(places.get(statement))
        .map(place -> InclusionProof.of(place, tree(leaves.size()), note()));
  }

  /** Empty for a size that the log has not reached. */
  public synchronized Optional<ConsistencyProof> consistency(long from, long to) {
    return from <= to && to <= leaves.size()
        ? Optional.of(ConsistencyProof.of(from, tree(to)))
        : Optional.empty();
  }

  private MerkleTree tree(long size) {
    return new MerkleTree(size, this::node);
  }

  private Hash node(int level, long index) {
    return level == 0
        ? leaves.get((int) index)
        : Merkle.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
  }
}
