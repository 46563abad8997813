package dev.leasehold.core.log;

import dev.leasehold.core.bytes.Malformed;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a log's static pieces are (c2sp.org/tlog-tiles): tiles of hashes, and the entries under the
 * tiles of level 0.
 *
 * @param level 0 to 63, or {@link #ENTRIES}
 * @param index of the tile within its level
 * @param width hashes or entries in it, {@link #FULL} unless it is at the right edge
 */
public record TilePath(int level, long index, int width) {
  /** In place of a level. */
  public static final int ENTRIES = -1;

  /** Levels of the tree that one level of tiles spans. */
  public static final int HEIGHT = 8;

  public static final int FULL = 1 << HEIGHT;

  private static final int TOP_LEVEL = 63;
  private static final int GROUP = 1_000;
  private static final Pattern PATH =
      Pattern.compile(
          "tile/(entries|[0-9]|[1-9][0-9])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

  public TilePath {
    if (level < ENTRIES || level > TOP_LEVEL) {
      throw new IllegalArgumentException("level: expected 0 to 63, found " + level);
    }
    if (index < 0) {
      throw new IllegalArgumentException("index: expected at least 0, found " + index);
    }
    if (width < 1 || width > FULL) {
      throw new IllegalArgumentException("width: expected 1 to 256, found " + width);
    }
  }

  /** The tile with this index in a tree of {@code size} leaves. */
  public static TilePath of(int level, long index, long size) {
    return new TilePath(level, index, (int) Math.min(FULL, across(level, size) - index * FULL));
  }

  /** True when a tree of {@code size} leaves has this tile, as wide or wider. */
  public boolean isWithin(long size) {
    long across = across(level, size);
    return index <= across / FULL && across - index * FULL >= width;
  }

  /** How many hashes a tree of {@code size} leaves has at a level, over all its tiles. */
  static long across(int level, long size) {
    int shift = HEIGHT * Math.max(0, level);
    return shift < Long.SIZE ? size >> shift : 0;
  }

  /** Reads {@code tile/0/x001/067.p/8} and the like. */
  public static TilePath parse(String path) throws Malformed {
    Matcher m = PATH.matcher(path);
    if (m.matches()) {
      try {
        TilePath tile =
            new TilePath(
                m.group(1).equals("entries") ? ENTRIES : Integer.parseInt(m.group(1)),
                Long.parseLong(m.group(2).replaceAll("[x/]", "")),
                m.group(3) == null ? FULL : Integer.parseInt(m.group(3)));
        if (tile.text().equals(path)) {
          return tile;
        }
      } catch (IllegalArgumentException e) {
        // falls through to the refusal
      }
    }
    throw new Malformed("path", "tile/LEVEL/INDEX or tile/entries/INDEX, .p/WIDTH behind", path);
  }

  public boolean isEntries() {
    return level == ENTRIES;
  }

  public boolean isFull() {
    return width == FULL;
  }

  /** As it is requested, relative to the log's URL. */
  public String text() {
    StringBuilder out = new StringBuilder(group(index));
    for (long rest = index / GROUP; rest > 0; rest /= GROUP) {
      out.insert(0, "x" + group(rest) + "/");
    }
    return "tile/"
        + (isEntries() ? "entries" : Integer.toString(level))
        + "/"
        + out
        + (isFull() ? "" : ".p/" + width);
  }

  private static String group(long index) {
    return String.format(Locale.ROOT, "%03d", index % GROUP);
  }
}
