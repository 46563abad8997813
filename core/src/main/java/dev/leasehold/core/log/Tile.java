package dev.leasehold.core.log;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.List;

/** One to 256 neighbouring hashes of a level whose index is a multiple of eight. */
public record Tile(List<Hash> hashes) {
  public Tile {
    hashes = List.copyOf(hashes);
    if (hashes.isEmpty() || hashes.size() > TilePath.FULL) {
      throw new IllegalArgumentException("hashes: expected 1 to 256, found " + hashes.size());
    }
  }

  /** Reads a tile as it is served; it must be exactly {@code width} hashes long. */
  public static Tile parse(byte[] bytes, int width) throws Malformed {
    ByteReader in = ByteReader.bigEndian("tile", bytes);
    List<Hash> hashes = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      hashes.add(Hash.of(in.bytes("hash " + i, Hash.BYTES)));
    }
    in.end();
    return new Tile(hashes);
  }

  public byte[] write() {
    ByteWriter out = new ByteWriter();
    hashes.forEach(h -> out.bytes(h.bytes()));
    return out.toByteArray();
  }

  public int width() {
    return hashes.size();
  }

  /** The tile as it was when it had only so many hashes. */
  public Tile first(int width) {
    return new Tile(hashes.subList(0, width));
  }

  /** Of a full tile: its hash in the tile above. */
  public Hash root() {
    return node(TilePath.HEIGHT, 0);
  }

  /** The root over the {@code 2^height} hashes from hash {@code index·2^height} on. */
  Hash node(int height, int index) {
    if (height == 0) {
      return hashes.get(index);
    }
    return Merkle.node(node(height - 1, 2 * index), node(height - 1, 2 * index + 1));
  }
}
