package dev.leasehold.custodian.key;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files that only the custodian's user may read. */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFiles() {}

  public static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
    Files.setPosixFilePermissions(folder, FOLDER);
  }

  /** Writes a new file durably; an existing one is never overwritten. */
  public static void create(Path file, byte[] bytes) throws IOException {
    try (FileChannel out =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(FILE))) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.force(true);
    }
  }

  /** Reads a secret; a file that others can read is refused rather than used. */
  public static byte[] read(Path file) throws IOException {
    requirePrivate(file);
    return Files.readAllBytes(file);
  }

  public static void makePrivate(Path file) throws IOException {
    Files.setPosixFilePermissions(file, FILE);
  }

  private static void requirePrivate(Path file) throws IOException {
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
    if (!FILE.containsAll(mode)) {
      throw new IOException(
          file
              + ": expected mode rw-------, found "
              + PosixFilePermissions.toString(mode)
              + "; take the others' rights away (chmod 600) and consider the key known to them");
    }
  }
}
