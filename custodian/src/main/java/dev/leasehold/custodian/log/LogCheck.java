package dev.leasehold.custodian.log;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.log.Merkle;
import dev.leasehold.core.log.MerkleTree;
import dev.leasehold.core.log.Tile;
import dev.leasehold.core.log.TilePath;
import dev.leasehold.core.log.TiledNodes;
import dev.leasehold.custodian.ledger.StartCheck;
import dev.leasehold.custodian.store.LogCheckpoints;
import dev.leasehold.custodian.store.Tx;
import java.util.List;
import java.util.Optional;

/**
 * Whether what is kept of the log is what its newest checkpoint was signed over (protocol §8.5).
 * Entries are compared with their tile, each full tile with the one above it, and the tiles at the
 * right edge with the root: together they leave no bit that is not covered.
 */
public final class LogCheck {
  private static final String REMEDY =
      "; put back a copy of the database whose log is whole, and start again";

  private LogCheck() {}

  /** The whole log, which takes about a second for 100 000 entries. */
  public static Optional<StartCheck.Fault> everything(Tx tx) {
    return head(tx).or(() -> tiles(tx, 0, Long.MAX_VALUE)).map(reason -> frozen(tx, reason));
  }

  /** What a fault means: nothing may be promised under any lease. */
  static StartCheck.Fault frozen(Tx tx, String reason) {
    return StartCheck.Fault.everywhere(tx, reason + REMEDY);
  }

  /**
   * The newest checkpoint is the newest there was, and the tiles at the right edge make its root.
   */
  static Optional<String> head(Tx tx) {
    LogRef published = tx.logRef();
    LogCheckpoints.Row head = newest(tx);
    if (published.size() > head.size() || isOther(published, head)) {
      return fault(
          "this node has published checkpoint "
              + published.size()
              + " with root "
              + published.root()
              + ", the newest kept is "
              + head.size()
              + " with root "
              + head.root());
    }
    if (tx.log().isPlacedBeyondCheckpoint()) {
      return fault("an entry is placed behind those that were signed");
    }
    if (tx.logTiles().reachBeyond(head.size())) {
      return fault("its tiles hold more than the " + head.size() + " entries that were signed");
    }
    try {
      TiledNodes nodes = new TiledNodes(head.size(), tx.logTiles()::get);
      Hash root = new MerkleTree(head.size(), nodes).root();
      return root.equals(head.root())
          ? Optional.empty()
          : fault(
              "its tiles hash to " + root + ", checkpoint " + head.size() + " says " + head.root());
    } catch (IllegalStateException missing) {
      return fault(String.valueOf(missing.getMessage()));
    }
  }

  private static boolean isOther(LogRef published, LogCheckpoints.Row head) {
    return published.size() == head.size() && !published.root().equals(head.root());
  }

  /** Some tiles of level 0 with their entries, and what is above them. */
  static Optional<String> tiles(Tx tx, long first, long most) {
    long size = newest(tx).size();
    for (long n = first; n < tiles(size) && n - first < most; n++) {
      Optional<String> fault = tile(tx, TilePath.of(0, n, size), size);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  static long tiles(long size) {
    return Math.ceilDiv(size, (long) TilePath.FULL);
  }

  private static Optional<String> tile(Tx tx, TilePath path, long size) {
    Optional<Tile> tile = tx.logTiles().find(path);
    if (tile.isEmpty()) {
      return fault(path.text() + " is missing");
    }
    long first = path.index() * TilePath.FULL;
    List<Bytes> entries = tx.log().range(first, path.width());
    for (int i = 0; i < path.width(); i++) {
      if (i >= entries.size()
          || !Merkle.leaf(entries.get(i).toArray()).equals(tile.get().hashes().get(i))) {
        return fault("entry " + (first + i) + " is not the one that was logged");
      }
    }
    return path.isFull() ? above(tx, path, tile.get(), size) : Optional.empty();
  }

  /** The hash of a full tile is in the tile above it; where that is full by it, so on upwards. */
  private static Optional<String> above(Tx tx, TilePath path, Tile tile, long size) {
    TilePath up = TilePath.of(path.level() + 1, path.index() / TilePath.FULL, size);
    int at = (int) (path.index() % TilePath.FULL);
    Optional<Tile> parent = tx.logTiles().find(up);
    if (parent.isEmpty() || !parent.get().hashes().get(at).equals(tile.root())) {
      return fault(up.text() + " does not hold the hash of " + path.text());
    }
    return at == TilePath.FULL - 1 ? above(tx, up, parent.get(), size) : Optional.empty();
  }

  private static LogCheckpoints.Row newest(Tx tx) {
    return tx.logCheckpoints()
        .newest()
        .orElseGet(() -> new LogCheckpoints.Row(0, Digests.EMPTY_SHA256, ""));
  }

  private static Optional<String> fault(String what) {
    return Optional.of("log: " + what);
  }
}
