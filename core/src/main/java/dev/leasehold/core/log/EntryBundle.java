package dev.leasehold.core.log;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.List;

/** The entries under a tile of level 0, each behind its length as u16 (c2sp.org/tlog-tiles). */
public record EntryBundle(List<Bytes> entries) {
  /** No longer entry can be logged. */
  public static final int MAX_ENTRY_BYTES = (1 << 16) - 1;

  public EntryBundle {
    entries = List.copyOf(entries);
    if (entries.isEmpty() || entries.size() > TilePath.FULL) {
      throw new IllegalArgumentException("entries: expected 1 to 256, found " + entries.size());
    }
  }

  /** Reads a bundle as it is served; it must hold exactly {@code width} entries. */
  public static EntryBundle parse(byte[] bytes, int width) throws Malformed {
    ByteReader in = ByteReader.bigEndian("bundle", bytes);
    List<Bytes> entries = new ArrayList<>(width);
    for (int i = 0; i < width; i++) {
      entries.add(Bytes.of(in.bytes("entry " + i, in.u16("length " + i))));
    }
    in.end();
    return new EntryBundle(entries);
  }

  public byte[] write() {
    ByteWriter out = new ByteWriter();
    entries.forEach(e -> out.u16(e.length()).bytes(e.toArray()));
    return out.toByteArray();
  }
}
