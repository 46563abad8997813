package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Stored answers in one zip file, one entry each, named as in the cache. It is input like any
 * other: every size in it is bounded before it is read.
 */
final class Bundle {
  private static final int MOST_ENTRIES = 4_096;
  private static final LocalDateTime ANY_TIME = LocalDateTime.of(2000, 1, 1, 0, 0);
  private static final long MOST_BYTES = 256L << 20;

  private Bundle() {}

  /** Writes a whole file or none; the same entries make the same bytes. */
  static void write(Path file, List<Entry> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Entry e : entries) {
        ZipEntry header = new ZipEntry(CacheFolder.fileName(e.id()));
        header.setTimeLocal(ANY_TIME);
        zip.putNextEntry(header);
        zip.write(e.write());
        zip.closeEntry();
      }
    }
    DurableFiles.write(file, bytes.toByteArray());
  }

  static Map<Item, Entry> read(Path file) throws IOException, Malformed {
    Map<Item, Entry> out = new LinkedHashMap<>();
    long left = MOST_BYTES;
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
      for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
        byte[] json = bytes(e.getName(), zip);
        left -= json.length;
        if (left < 0 || out.size() == MOST_ENTRIES) {
          throw new Malformed(
              "bundle", MOST_ENTRIES + " entries of " + MOST_BYTES + " bytes at most", "more");
        }
        add(out, e.getName(), Entry.parse(e.getName(), json));
      }
    } catch (ZipException | EOFException e) {
      throw new Malformed(
          "bundle",
          "a zip file",
          Objects.requireNonNullElse(e.getMessage(), "one that is cut short"));
    }
    if (out.isEmpty()) {
      throw new Malformed("bundle", "a zip file with at least one entry", "none");
    }
    return out;
  }

  private static void add(Map<Item, Entry> out, String name, Entry entry) throws Malformed {
    Item item = Item.parse(entry.id());
    if (!CacheFolder.fileName(entry.id()).equals(name)) {
      throw new Malformed("bundle", "an entry named for its item", name);
    }
    if (out.put(item, entry) != null) {
      throw new Malformed("bundle", "each item once", entry.id() + " twice");
    }
  }

  private static byte[] bytes(String name, InputStream zip) throws IOException, Malformed {
    byte[] bytes = zip.readNBytes(Entry.MAX_BYTES + 1);
    if (bytes.length > Entry.MAX_BYTES) {
      throw new Malformed(name, "at most " + Entry.MAX_BYTES + " bytes", "more");
    }
    return bytes;
  }
}
