package dev.leasehold.enclave.attest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An entry as a folder, as Linux shows it under {@code /sys/kernel/config/tsm/report}. The
 * attributes are opened and never created: on the simulated platform they are named pipes (protocol
 * §17).
 */
final class TsmFolder implements TsmEntry {
  private static final int MAX_BLOB = 262_144;
  private static final int MAX_TEXT = 4_096;

  private final Path folder;

  private TsmFolder(Path folder) {
    this.folder = folder;
  }

  /** The entry of this name; configfs makes one when the folder is made. */
  static TsmFolder open(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      try {
        Files.createDirectory(folder);
      } catch (FileAlreadyExistsException e) {
        throw new IOException(folder + ": expected a folder, found a file", e);
      } catch (IOException e) {
        throw new IOException(
            folder
                + ": expected the kernel's configfs-tsm interface, found none; this program"
                + " runs only in a confidential VM",
            e);
      }
    }
    return new TsmFolder(folder);
  }

  @Override
  public void writeInblob(byte[] data) throws IOException {
    try (FileChannel out = FileChannel.open(file("inblob"), StandardOpenOption.WRITE)) {
      int written = out.write(ByteBuffer.wrap(data));
      if (written != data.length) {
        throw new IOException("inblob: expected to write " + data.length + ", wrote " + written);
      }
    }
  }

  @Override
  public byte[] readOutblob() throws IOException {
    return read("outblob", MAX_BLOB);
  }

  @Override
  public byte[] readAuxblob() throws IOException {
    try {
      return read("auxblob", MAX_BLOB);
    } catch (NoSuchFileException e) {
      return new byte[0];
    }
  }

  @Override
  public String readGeneration() throws IOException {
    return text("generation");
  }

  @Override
  public String readProvider() throws IOException {
    return text("provider");
  }

  private String text(String name) throws IOException {
    return new String(read(name, MAX_TEXT), StandardCharsets.US_ASCII).strip();
  }

  private byte[] read(String name, int maxBytes) throws IOException {
    try (InputStream in = Files.newInputStream(file(name), StandardOpenOption.READ)) {
      byte[] all = in.readNBytes(maxBytes + 1);
      if (all.length > maxBytes) {
        throw new IOException(name + ": expected at most " + maxBytes + " bytes, found more");
      }
      return all;
    }
  }

  private Path file(String name) {
    return folder.resolve(name);
  }
}
