package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A tree that grows at its right edge, and the tiles that change with it. */
public final class TileAppender {
  /** The unfinished tile of each level; empty where the level ends with a full one. */
  private final List<List<Hash>> edge = new ArrayList<>();

  private final List<Placed> finished = new ArrayList<>();
  private final long from;
  private long size;

  /** A tile and where it belongs. */
  public record Placed(TilePath path, Tile tile) {}

  /**
   * Goes on from a tree of {@code size} leaves.
   *
   * @param tiles its tiles; only those at the right edge are asked for
   */
  public TileAppender(long size, Function<TilePath, Tile> tiles) {
    this.from = size;
    this.size = size;
    for (int level = 0; TilePath.across(level, size) > 0; level++) {
      long across = TilePath.across(level, size);
      edge.add(
          across % TilePath.FULL == 0
              ? new ArrayList<>()
              : new ArrayList<>(
                  tiles.apply(TilePath.of(level, across / TilePath.FULL, size)).hashes()));
    }
  }

  public void append(Hash leaf) {
    size++;
    append(0, leaf);
  }

  private void append(int level, Hash hash) {
    if (level == edge.size()) {
      edge.add(new ArrayList<>());
    }
    List<Hash> open = edge.get(level);
    open.add(hash);
    if (open.size() == TilePath.FULL) {
      Tile tile = new Tile(open);
      long index = TilePath.across(level, size) / TilePath.FULL - 1;
      finished.add(new Placed(new TilePath(level, index, TilePath.FULL), tile));
      open.clear();
      append(level + 1, tile.root());
    }
  }

  public long size() {
    return size;
  }

  public Hash root() {
    return new MerkleTree(size, this::node).root();
  }

  private Hash node(int level, long index) {
    int height = level % TilePath.HEIGHT;
    int at = (int) ((index << height) % TilePath.FULL) >> height;
    return new Tile(edge.get(level / TilePath.HEIGHT)).node(height, at);
  }

  /** Every tile that is not as it was: those filled on the way, and the new right edge. */
  public List<Placed> changed() {
    List<Placed> out = new ArrayList<>(finished);
    for (int level = 0; level < edge.size(); level++) {
      long across = TilePath.across(level, size);
      if (!edge.get(level).isEmpty() && across != TilePath.across(level, from)) {
        TilePath path = TilePath.of(level, across / TilePath.FULL, size);
        out.add(new Placed(path, new Tile(edge.get(level))));
      }
    }
    return out;
  }
}
