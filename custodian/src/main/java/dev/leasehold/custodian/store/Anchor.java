package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A file outside the database that remembers the newest {@code ver} of each lease, so that a
 * database restored from a backup is noticed (protocol §8.5). Not safe for concurrent use.
 *
 * <p>It remembers a step only once {@link #append} has returned; no reply leaves before that.
 */
public final class Anchor implements AutoCloseable {
  static final int RECORD = 32;
  private static final int CHECKED = 24;
  private static final long REWRITE_AFTER = 1_000_000;

  private final Path file;
  private final Map<Id, Long> newest;
  private final Map<Id, Long> pending = new HashMap<>();
  private final Optional<String> fault;
  private FileChannel out;
  private long records;

  private Anchor(Path file, Map<Id, Long> newest, Optional<String> fault) throws IOException {
    this.file = file;
    this.newest = newest;
    this.fault = fault;
    this.out = FileChannel.open(file, StandardOpenOption.WRITE);
    // What follows the last whole record was never acknowledged: it was torn by a crash.
    this.records = out.size() / RECORD;
    out.position(records * RECORD);
  }

  /** Makes an empty anchor for a new custodian; the file must not exist. */
  public static void create(Path file) throws IOException {
    try (FileChannel c =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      c.force(true);
    }
    sync(file);
  }

  /** Reads an anchor; a bad record is a {@link #fault}, a torn last one is nothing. */
  public static Anchor open(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Map<Id, Long> newest = new HashMap<>();
    Optional<String> fault = Optional.empty();
    for (int at = 0; at + RECORD <= bytes.length; at += RECORD) {
      byte[] record = Arrays.copyOfRange(bytes, at, at + RECORD);
      if (!Arrays.equals(seal(record), Arrays.copyOfRange(record, CHECKED, RECORD))) {
        fault = Optional.of("anchor record " + at / RECORD + " does not match its checksum");
        break;
      }
      read(record, newest);
    }
    return new Anchor(file, newest, fault);
  }

  /** Why this anchor cannot vouch for the database. */
  public Optional<String> fault() {
    return fault;
  }

  /** The newest {@code ver} known of a lease, 0 for none. */
  public long newest(Id lease) {
    return newest.getOrDefault(lease, 0L);
  }

  public Map<Id, Long> all() {
    return Map.copyOf(newest);
  }

  /**
   * Remembers steps durably. What could not be written stays pending, and every later call must
   * write it first.
   */
  void append(Map<Id, Long> steps, CrashPoints crashes) throws IOException {
    steps.forEach((lease, ver) -> newest.merge(lease, ver, Math::max));
    pending.putAll(steps);
    if (pending.isEmpty()) {
      return;
    }
    ByteBuffer buffer = encode(pending);
    long position = records * RECORD;
    while (buffer.hasRemaining()) {
      position += out.write(buffer, position);
    }
    crashes.at(CrashPoints.Moment.BEFORE_ANCHOR_SYNC);
    out.force(false);
    crashes.at(CrashPoints.Moment.AFTER_ANCHOR_SYNC);
    records += pending.size();
    pending.clear();
    if (records >= REWRITE_AFTER) {
      rewrite();
    }
  }

  /**
   * Starts on a database that is not older. A crash between a commit and {@link #append} left the
   * newest step out of the anchor; whoever asks again is now told of it, so it is remembered first.
   *
   * @param ledger the {@code ver} that the database has of each lease
   */
  public void start(Map<Id, Long> ledger) throws IOException {
    ledger.forEach((lease, ver) -> newest.merge(lease, ver, Math::max));
    rewrite();
  }

  /** Keeps the newest record of each lease only. */
  private void rewrite() throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel c =
        FileChannel.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer buffer = encode(newest);
      while (buffer.hasRemaining()) {
        c.write(buffer);
      }
      c.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    sync(file);
    out.close();
    out = FileChannel.open(file, StandardOpenOption.WRITE);
    records = newest.size();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private static ByteBuffer encode(Map<Id, Long> steps) {
    ByteWriter w = new ByteWriter();
    steps.forEach((lease, ver) -> {
      byte[] checked = new ByteWriter().bytes(lease.bytes()).u64(ver).toByteArray();
      w.bytes(checked, seal(checked));
    });
    return ByteBuffer.wrap(w.toByteArray());
  }

  private static byte[] seal(byte[] record) {
    byte[] digest = Digests.sha256(Arrays.copyOf(record, CHECKED)).bytes();
    return Arrays.copyOf(digest, RECORD - CHECKED);
  }

  private static void read(byte[] record, Map<Id, Long> newest) {
    try {
      ByteReader in = ByteReader.bigEndian("anchor", record);
      Id lease = Id.of(in.bytes("leaseId", Id.BYTES));
      newest.merge(lease, in.u64("ver"), Math::max);
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  private static void sync(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel c = FileChannel.open(folder, StandardOpenOption.READ)) {
        c.force(true);
      }
    }
  }
}
