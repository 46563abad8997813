package dev.leasehold.cli;

import dev.leasehold.core.audit.LogMirror;
import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Malformed;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A monitor's folder: {@code entries}, each behind its length as u16; {@code checkpoint}, the
 * newest note accepted; {@code contradiction-…}, notes that contradict it. One monitor a folder.
 */
final class FileMirror implements LogMirror, AutoCloseable {
  private static final int LENGTH_BYTES = 2;

  private final Path folder;
  private final FileChannel entries;

  /** Where each entry begins, and where the last one ends. */
  private final List<Long> starts = new ArrayList<>(List.of(0L));

  private FileMirror(Path folder, FileChannel entries) {
    this.folder = folder;
    this.entries = entries;
  }

  static FileMirror open(Path folder) throws IOException {
    Files.createDirectories(folder);
    FileChannel channel =
        FileChannel.open(
            folder.resolve("entries"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileMirror mirror = new FileMirror(folder, channel);
    try {
      mirror.lock();
      mirror.index();
      return mirror;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void lock() throws IOException {
    try {
      @Nullable FileLock lock = entries.tryLock();
      if (lock != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process: the same fault as another process holding it.
    }
    throw new IOException(folder + ": another monitor uses this folder; give each one of its own");
  }

  /** A torn last entry was never accepted. */
  private void index() throws IOException {
    long end = entries.size();
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES);
    for (long at = 0; at + LENGTH_BYTES <= end; ) {
      readFully(length.clear(), at);
      at += LENGTH_BYTES + (length.getShort(0) & 0xffff);
      if (at > end) {
        return;
      }
      starts.add(at);
    }
  }

  @Override
  public Optional<String> checkpoint() throws IOException {
    Path file = folder.resolve("checkpoint");
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  @Override
  public void read(long from, long to, Taker taker) throws IOException, Malformed {
    if (to > starts.size() - 1) {
      throw new Malformed(
          folder + "/entries", "at least " + to + " entries", String.valueOf(starts.size() - 1));
    }
    for (int i = (int) from; i < to; i++) {
      long start = starts.get(i) + LENGTH_BYTES;
      ByteBuffer entry = ByteBuffer.allocate((int) (starts.get(i + 1) - start));
      readFully(entry, start);
      taker.take(entry.array());
    }
  }

  @Override
  public void write(long from, List<Bytes> more) throws IOException {
    starts.subList((int) from + 1, starts.size()).clear();
    ByteWriter out = new ByteWriter();
    long at = starts.getLast();
    for (Bytes entry : more) {
      out.u16(entry.length()).bytes(entry.toArray());
      at += LENGTH_BYTES + entry.length();
      starts.add(at);
    }
    ByteBuffer buffer = ByteBuffer.wrap(out.toByteArray());
    for (long to = starts.get((int) from); buffer.hasRemaining(); ) {
      to += entries.write(buffer, to);
    }
  }

  @Override
  public void accept(String note) throws IOException {
    entries.force(true);
    write("checkpoint", note);
  }

  @Override
  public void keepContradiction(String note) throws IOException {
    byte[] bytes = note.getBytes(StandardCharsets.UTF_8);
    write("contradiction-" + Digests.sha256(bytes).hex().substring(0, 16), note);
  }

  @Override
  public void close() throws IOException {
    entries.close();
  }

  private void write(String name, String text) throws IOException {
    Path part = folder.resolve(name + ".part");
    try (FileChannel out =
        FileChannel.open(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      out.force(true);
    }
    Files.move(
        part,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void readFully(ByteBuffer into, long at) throws IOException {
    for (long from = at; into.hasRemaining(); ) {
      int n = entries.read(into, from);
      if (n < 0) {
        throw new EOFException(folder + "/entries ended early");
      }
      from += n;
    }
  }
}
