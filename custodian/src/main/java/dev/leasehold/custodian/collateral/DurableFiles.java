package dev.leasehold.custodian.collateral;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are there whole or not at all, also after the power fails. */
final class DurableFiles {
  static final String UNFINISHED = ".unfinished-";

  private DurableFiles() {}

  /** Writes a file beside its place; {@link #publish} puts it there. */
  static Path stage(Path target, byte[] bytes) throws IOException {
    Path staged = Files.createTempFile(folder(target), UNFINISHED, "");
    try (FileChannel out = FileChannel.open(staged, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(staged);
      throw e;
    }
    return staged;
  }

  static void publish(Path staged, Path target) throws IOException {
    Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel c = FileChannel.open(folder(target), StandardOpenOption.READ)) {
      c.force(true);
    }
  }

  static void write(Path target, byte[] bytes) throws IOException {
    publish(stage(target, bytes), target);
  }

  private static Path folder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is in no folder");
    }
    return folder;
  }
}
