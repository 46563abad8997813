package dev.leasehold.testkit.platform;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.HexBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The measurement of the simulated platform (protocol §17): every file of the program directory, by
 * path, size and content. A changed, added, removed or renamed file gives another one.
 */
public final class LaunchMeasurement {
  private static final String LABEL = "leasehold/1/simulated-launch";
  private static final int BUFFER = 65_536;

  private LaunchMeasurement() {}

  /** Measures a directory; only plain files and directories may be in it. */
  public static HexBytes of(Path programDirectory) throws IOException {
    ByteWriter out = new ByteWriter();
    for (Map.Entry<byte[], Path> file : sorted(programDirectory).entrySet()) {
      out.u32(file.getKey().length)
          .bytes(file.getKey())
          .u64(Files.size(file.getValue()))
          .bytes(sha256(file.getValue()));
    }
    return HexBytes.of(Digests.domain384(LABEL, out.toByteArray()));
  }

  /** Files by the bytes of their relative path, in unsigned byte order. */
  private static Map<byte[], Path> sorted(Path directory) throws IOException {
    Map<byte[], Path> files = new TreeMap<>(Arrays::compareUnsigned);
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path p : (Iterable<Path>) walk::iterator) {
        if (Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)) {
          files.put(relative(directory, p), p);
        } else if (!Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(p + ": expected a plain file, found a link or a device");
        }
      }
    }
    return files;
  }

  private static byte[] relative(Path directory, Path file) {
    String path = directory.relativize(file).toString().replace('\\', '/');
    return path.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(Path file) throws IOException {
    MessageDigest digest = Digests.newDigest("SHA-256");
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return digest.digest();
  }
}
