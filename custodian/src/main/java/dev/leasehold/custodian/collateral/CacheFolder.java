package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers on disk, one file each, named for its item. Other processes may read and write the same
 * folder: a file is replaced in one step, and comparing with what is there and replacing it happen
 * under one lock.
 */
final class CacheFolder {
  private static final Logger LOG = LoggerFactory.getLogger(CacheFolder.class);
  private static final String SUFFIX = ".json";

  /** Stands for the slash of an id in a file name; no id has one. */
  private static final char SLASH = '+';

  /** A file lock is the process's; this one keeps its threads apart. */
  private static final ReentrantLock THREADS = new ReentrantLock();

  private final Path folder;

  CacheFolder(Path folder) {
    this.folder = folder;
  }

  /** Tells one content of a file from another without reading it. */
  record Stamp(FileTime modified, long size, String file) {}

  Optional<Stamp> stamp(Item item) {
    try {
      BasicFileAttributes a = Files.readAttributes(file(item), BasicFileAttributes.class);
      return Optional.of(new Stamp(a.lastModifiedTime(), a.size(), String.valueOf(a.fileKey())));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What is stored of an item; a file that cannot be read or used is as good as none. */
  Optional<Entry> read(Item item) {
    Path file = file(item);
    try {
      if (Files.size(file) > Entry.MAX_BYTES) {
        throw new Malformed("size", "at most " + Entry.MAX_BYTES, Files.size(file) + " bytes");
      }
      Entry entry = Entry.parse("entry", Files.readAllBytes(file));
      if (!entry.id().equals(item.id())) {
        throw new Malformed("id", item.id(), entry.id());
      }
      return Optional.of(entry);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | Malformed e) {
      LOG.warn("the cached {} is unusable and will be fetched again: {}", file, e.getMessage());
      return Optional.empty();
    }
  }

  /** Every item that has a file. */
  List<Item> items() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Item> out = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path p : all.sorted().toList()) {
        item(String.valueOf(p.getFileName())).ifPresent(out::add);
      }
    } catch (IOException e) {
      LOG.warn("the cache {} cannot be listed: {}", folder, e.getMessage());
    }
    return out;
  }

  void write(Item item, Entry entry) throws IOException {
    DurableFiles.write(file(item), entry.write());
  }

  /** Writes all or, when a disk fails while they are written, none. */
  void writeAll(Map<Item, Entry> entries) throws IOException {
    Map<Path, Path> staged = new LinkedHashMap<>();
    try {
      for (Map.Entry<Item, Entry> e : entries.entrySet()) {
        Path target = file(e.getKey());
        staged.put(DurableFiles.stage(target, e.getValue().write()), target);
      }
    } catch (IOException e) {
      for (Path p : staged.keySet()) {
        Files.deleteIfExists(p);
      }
      throw e;
    }
    for (Map.Entry<Path, Path> e : staged.entrySet()) {
      DurableFiles.publish(e.getKey(), e.getValue());
    }
  }

  /** Work that no other writer of this folder interleaves with. */
  interface Exclusive<T> {
    T run() throws IOException;
  }

  <T> T exclusively(Exclusive<T> work) throws IOException {
    Files.createDirectories(folder);
    THREADS.lock();
    try (FileChannel c =
            FileChannel.open(
                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = c.lock()) {
      return work.run();
    } finally {
      THREADS.unlock();
    }
  }

  /** Removes what a crash left unfinished. */
  void tidy() throws IOException {
    exclusively(() -> {
      try (Stream<Path> all = Files.list(folder)) {
        for (Path p : all.filter(CacheFolder::isUnfinished).toList()) {
          Files.deleteIfExists(p);
        }
      }
      return folder;
    });
  }

  static String fileName(String id) {
    return id.replace('/', SLASH) + SUFFIX;
  }

  private Path file(Item item) {
    return folder.resolve(fileName(item.id()));
  }

  private static boolean isUnfinished(Path p) {
    return String.valueOf(p.getFileName()).startsWith(DurableFiles.UNFINISHED);
  }

  private static Optional<Item> item(String fileName) {
    if (!fileName.endsWith(SUFFIX)) {
      return Optional.empty();
    }
    String id = fileName.substring(0, fileName.length() - SUFFIX.length()).replace(SLASH, '/');
    try {
      return Optional.of(Item.parse(id));
    } catch (Malformed e) {
      LOG.warn("a file in the cache is named for nothing known: {}", fileName);
      return Optional.empty();
    }
  }
}
