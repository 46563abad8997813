package dev.leasehold.testkit.story;

import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.LogSource;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.EntryBundle;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleTree;
import dev.leasehold.core.log.TilePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A log of a told story, as its files are served; entries and checkpoints can be tampered with. */
public final class ToldLog implements LogSource {
  public static final String ORIGIN = "custodian.example/log";

  /** What is served; a test may change it behind the log's back. */
  public final List<Bytes> entries = new ArrayList<>();

  private final Ed25519Signer key;
  private List<Hash> leaves = List.of();
  private String note = "";

  public ToldLog(Ed25519Signer key) {
    this.key = key;
  }

  /** Appends statements and publishes a checkpoint over everything. */
  public ToldLog publish(List<BundleLine> statements) {
    statements.forEach(s -> entries.add(utf8(s.statement().write())));
    return publish(key);
  }

  /** Publishes a checkpoint over what is there, signed by this key. */
  public ToldLog publish(Ed25519Signer signer) {
    leaves = entries.stream().map(e -> Merkle.leaf(e.toArray())).toList();
    note = new Checkpoint(ORIGIN, leaves.size(), tree().root()).sign(signer);
    return this;
  }

  public static Bytes utf8(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public byte[] fetch(String path) throws IOException {
    if (path.equals("checkpoint")) {
      return note.getBytes(StandardCharsets.UTF_8);
    }
    if (path.startsWith("proof?from=")) {
      long from = Long.parseLong(path.substring("proof?from=".length(), path.indexOf('&')));
      return Codec.of(ConsistencyProof.class)
          .encode(ConsistencyProof.of(from, tree()))
          .write()
          .getBytes(StandardCharsets.UTF_8);
    }
    try {
      TilePath tile = TilePath.parse(path);
      int first = (int) tile.index() * TilePath.FULL;
      return new EntryBundle(entries.subList(first, first + tile.width())).write();
    } catch (Malformed m) {
      throw new IOException(m);
    }
  }

  private MerkleTree tree() {
    return new MerkleTree(leaves.size(), this::node);
  }

  private Hash node(int level, long index) {
    return level == 0
        ? leaves.get((int) index)
        : Merkle.node(node(level - 1, 2 * index), node(level - 1, 2 * index + 1));
  }
}
