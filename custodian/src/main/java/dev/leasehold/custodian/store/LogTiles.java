package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.log.Tile;
import dev.leasehold.core.log.TileAppender;
import dev.leasehold.core.log.TilePath;
import java.util.List;
import java.util.Optional;

/** The table {@code log_tile}: the log's tree, each tile as wide as it has grown. */
public final class LogTiles {
  private static final String PUT =
      "INSERT INTO log_tile (level, n, hashes) VALUES (?, ?, ?)"
          + " ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes";

  private final Work work;

  LogTiles(Work work) {
    this.work = work;
  }

  public Optional<Tile> find(long level, long n) {
    return work.sql()
        .text("SELECT hashes FROM log_tile WHERE level = ? AND n = ?", level, n)
        .map(LogTiles::decode);
  }

  /** The tile as it was at this width: a tile only grows. Empty when it never was so wide. */
  public Optional<Tile> find(TilePath path) {
    return find(path.level(), path.index())
        .filter(t -> t.width() >= path.width())
        .map(t -> t.first(path.width()));
  }

  /** A tile that a tree of published size has. */
  public Tile get(TilePath path) {
    return find(path).orElseThrow(() -> new IllegalStateException("the log has no " + path.text()));
  }

  /** True when level 0 has hashes behind those of a tree of {@code size} leaves. */
  public boolean reachBeyond(long size) {
    return find(0, size / TilePath.FULL).filter(t -> t.width() > size % TilePath.FULL).isPresent();
  }

  public void put(List<TileAppender.Placed> tiles) {
    work.direct()
        .updateAll(
            PUT,
            tiles.stream()
                .map(t ->
                    new Object[] {
                      (long) t.path().level(), t.path().index(), Hex.encode(t.tile().write())
                    })
                .toList());
  }

  private static Tile decode(String hashes) {
    try {
      byte[] bytes = Hex.decode("log_tile.hashes", hashes);
      return Tile.parse(bytes, bytes.length / Hash.BYTES);
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }
}
