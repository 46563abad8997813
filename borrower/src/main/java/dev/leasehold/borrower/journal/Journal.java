package dev.leasehold.borrower.journal;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * An append-only file of {@link Entry} lines. {@link #append} returns when the entry is on disk, so
 * whoever forwards a message after it can prove having had it (protocol §9.6).
 */
public final class Journal implements AutoCloseable {
  private static final int MAX_LINE = 1 << 20;
  private static final Codec<Entry> CODEC = Codec.of(Entry.class);

  private final Path file;
  private final FileChannel channel;
  private long end;

  /** Takes the entries there are, in order. */
  @FunctionalInterface
  public interface Replay {
    void take(Entry entry) throws IOException, Malformed;
  }

  private Journal(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Opens the journal, or starts it, and hands over every entry there is. A torn last line was
   * never forwarded and is cut off; any other unreadable line is refused.
   */
  public static Journal open(Path file, Replay replay) throws IOException, Malformed {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Journal journal = new Journal(file, channel);
      journal.lock();
      journal.replay(replay);
      return journal;
    } catch (IOException | Malformed | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Writes one entry through to the disk. */
  public synchronized void append(Entry entry) throws JournalFailed {
    byte[] line = (CODEC.encode(entry).write() + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      ByteBuffer buffer = ByteBuffer.wrap(line);
      for (long at = end; buffer.hasRemaining(); ) {
        at += channel.write(buffer, at);
      }
      channel.force(false);
    } catch (IOException e) {
      throw new JournalFailed(file + ": cannot be written (is the disk full?); free space", cut(e));
    }
    end += line.length;
  }

  /** A line that is not whole must not stand before a later one. */
  private IOException cut(IOException cause) {
    try {
      channel.truncate(end);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
    return cause;
  }

  public Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void lock() throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process: the same fault as another process holding it.
    }
    throw new IOException(
        file
            + ": expected to be its only writer, found another relay using it; stop that one, or"
            + " give this one a state folder of its own");
  }

  /**
   * Hands over the whole entries there are now, beside a relay that may be writing more.
   *
   * @return the byte after the last of them
   */
  public static long read(Path file, Replay replay) throws IOException, Malformed {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file, in, replay);
    }
  }

  private void replay(Replay replay) throws IOException, Malformed {
    end = read(file, Channels.newInputStream(channel.position(0)), replay);
    channel.truncate(end);
  }

  private static long read(Path file, InputStream in, Replay replay) throws IOException, Malformed {
    long end = 0;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      for (int i = 0; i < n; i++) {
        if (buffer[i] != '\n') {
          line.write(buffer[i]);
          continue;
        }
        replay.take(parse(file + " at byte " + end, line.toByteArray()));
        end += line.size() + 1;
        line.reset();
      }
    }
    return end;
  }

  private static Entry parse(String where, byte[] line) throws Malformed {
    return CODEC.decode(where, StrictJson.parse(where, line, MAX_LINE));
  }
}
