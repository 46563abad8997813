package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Hash;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The complete subtrees of a tree of a certain size, from its tiles; each is asked for once. */
public final class TiledNodes implements NodeSource {
  private final long size;
  private final Function<TilePath, Tile> tiles;
  private final Map<TilePath, Tile> known = new HashMap<>();

  /**
   * Over tiles of a place.
   *
   * @param tiles must answer with a tile of the width asked for; what it throws is passed on
   */
  public TiledNodes(long size, Function<TilePath, Tile> tiles) {
    this.size = size;
    this.tiles = tiles;
  }

  @Override
  public Hash node(int level, long index) {
    int height = level % TilePath.HEIGHT;
    long first = index << height;
    TilePath path = TilePath.of(level / TilePath.HEIGHT, first / TilePath.FULL, size);
    return known.computeIfAbsent(path, tiles).node(height, (int) (first % TilePath.FULL) >> height);
  }
}
