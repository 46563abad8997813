package dev.leasehold.custodian.log;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.EntryBundle;
import dev.leasehold.core.log.InclusionProof;
import dev.leasehold.core.log.MerkleTree;
import dev.leasehold.core.log.TilePath;
import dev.leasehold.core.log.TiledNodes;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.LogCheckpoints;
import dev.leasehold.custodian.store.Reach;
import dev.leasehold.custodian.store.Store;
import dev.leasehold.custodian.store.Tx;
import dev.leasehold.custodian.store.Writer;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/** What everybody may read of the log: only what a published checkpoint covers. */
public final class LogDesk {
  private final Store store;
  private final Writer writer;

  public LogDesk(Store store, Writer writer) {
    this.store = store;
    this.writer = writer;
  }

  /** The signed note of the newest checkpoint. */
  public String checkpoint() throws Rejected {
    return head().note();
  }

  /** A tile, or a bundle of entries, as it is served. */
  public Bytes piece(TilePath path) throws Rejected {
    if (!path.isWithin(publishedFor(path::isWithin))) {
      throw Rejected.unknown(path.text());
    }
    return store.read(tx -> path.isEntries() ? bundle(tx, path) : tile(tx, path));
  }

  private static Bytes tile(Tx tx, TilePath path) {
    return Bytes.of(tx.logTiles().get(path).write());
  }

  private static Bytes bundle(Tx tx, TilePath path) {
    List<Bytes> entries = tx.log().range(path.index() * TilePath.FULL, path.width());
    if (entries.size() != path.width()) {
      throw new IllegalStateException("the log has no " + path.text());
    }
    return Bytes.of(new EntryBundle(entries).write());
  }

  /** Proves to the newest checkpoint that a statement is in the log. */
  public InclusionProof inclusion(Hash statement) throws Rejected {
    LogCheckpoints.Row head = head();
    return store.look(tx -> {
      OptionalLong index = tx.log().index(statement);
      if (index.isEmpty() || index.getAsLong() >= head.size()) {
        throw Rejected.unknown("an entry " + statement + " under checkpoint " + head.size());
      }
      return InclusionProof.of(index.getAsLong(), tree(tx, head.size()), head.note());
    });
  }

  /** Proves that one published checkpoint extends another. */
  public ConsistencyProof consistency(long from, long to) throws Rejected {
    long published = publishedFor(size -> size >= to);
    return store.look(tx -> {
      for (long size : new long[] {from, to}) {
        if (size > published || tx.logCheckpoints().find(size).isEmpty()) {
          throw Rejected.unknown("a checkpoint of " + size + " entries");
        }
      }
      return ConsistencyProof.of(from, tree(tx, to));
    });
  }

  /**
   * The size of the newest checkpoint. Who asks for more may have heard of it from another node,
   * and from this one sooner than it would look by itself.
   */
  private long publishedFor(LongPredicate enough) throws Rejected {
    long published = head().size();
    if (enough.test(published) || !enough.test(store.look(LogDesk::signed))) {
      return published;
    }
    writer.run(
        Reach.NO_LEASE,
        tx -> {
          tx.logCheckpoints().newest().ifPresent(tx.logCheckpoints()::publish);
          return tx;
        });
    return head().size();
  }

  private static long signed(Tx tx) {
    return tx.logCheckpoints().newest().map(LogCheckpoints.Row::size).orElse(0L);
  }

  private static MerkleTree tree(Tx tx, long size) {
    return new MerkleTree(size, new TiledNodes(size, tx.logTiles()::get));
  }

  private LogCheckpoints.Row head() throws Rejected {
    return store.logHead().orElseThrow(() -> Rejected.unknown("a checkpoint of this log"));
  }
}
