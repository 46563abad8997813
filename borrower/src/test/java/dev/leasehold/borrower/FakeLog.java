package dev.leasehold.borrower;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Bundle;
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

/** A custodian's log in memory; each answer is by a checkpoint over all it holds then. */
final class FakeLog {
  private final Ed25519Signer key;
  private final List<Hash> leaves = new ArrayList<>();
  private final Map<Hash, Integer> places = new HashMap<>();

  FakeLog(Ed25519Signer key) {
    this.key = key;
  }

  synchronized FakeLog add(Envelope entry) {
    places.put(entry.hash(), leaves.size());
    leaves.add(Merkle.leaf(entry.write().getBytes(UTF_8)));
    return this;
  }

  /** Something else that is logged. */
  synchronized FakeLog add(String entry) {
    leaves.add(Merkle.leaf(entry.getBytes(UTF_8)));
    return this;
  }

  synchronized FakeCustodian.Reply proof(FakeCustodian.Request request) {
    Map<String, String> query = new HashMap<>();
    for (String pair : request.query().split("&")) {
      query.put(pair.split("=")[0], pair.split("=")[1]);
    }
    return query.containsKey("hash")
        ? inclusion(new Hash(query.getOrDefault("hash", "")))
        : consistency(Long.parseLong(query.get("from")), Long.parseLong(query.get("to")));
  }

  private FakeCustodian.Reply inclusion(Hash hash) {
    Integer place = places.get(hash);
    if (place == null) {
      return FakeCustodian.Reply.text(404, "");
    }
    MerkleTree tree = new MerkleTree(leaves.size(), this::node);
    String note = new Checkpoint("custodian.example/log", tree.size(), tree.root()).sign(key);
    return FakeCustodian.Reply.bundle(
        200, Bundle.write(InclusionProof.class, InclusionProof.of(place, tree, note)));
  }

  private FakeCustodian.Reply consistency(long from, long to) {
    return to > leaves.size()
        ? FakeCustodian.Reply.text(404, "")
        : FakeCustodian.Reply.bundle(
            200,
            Bundle.write(
                ConsistencyProof.class,
                ConsistencyProof.of(from, new MerkleTree(to, this::node))));
  }

  private Hash node(int level, long index) {
    return level == 0
        ? leaves.get((int) index)
        : Merkle.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
  }
}
