package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collateral that an operator put into a folder, in files as vendors serve it. Nothing of it is
 * trusted for being here: chains end at the anchors.
 */
final class GivenFiles {
  private static final Logger LOG = LoggerFactory.getLogger(GivenFiles.class);

  private final Path folder;
  private Map<Path, FileTime> read;
  private Map<String, Collateral> files;

  /** Reads the folder; a file that is not what it should be is refused here and now. */
  GivenFiles(Path folder) throws IOException, Malformed {
    this.folder = folder;
    this.read = list();
    this.files = load(read);
  }

  /** What the folder holds by file; read again when a file was added, removed or changed. */
  synchronized Map<String, Collateral> byFile() {
    try {
      Map<Path, FileTime> now = list();
      if (!now.equals(read)) {
        files = load(now);
        read = now;
        LOG.info("collateral read again: {} files", now.size());
      }
    } catch (IOException | Malformed e) {
      LOG.error("the collateral in {} cannot be read; the previous stays in use", folder, e);
    }
    return files;
  }

  /** All of it together. */
  Collateral current() {
    return byFile().values().stream().reduce(Collateral.NONE, Collateral::and);
  }

  private Map<Path, FileTime> list() throws IOException {
    Map<Path, FileTime> out = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> all = Files.list(folder)) {
        for (Path p : all.filter(Files::isRegularFile).toList()) {
          out.put(p, Files.getLastModifiedTime(p));
        }
      }
    }
    return out;
  }

  private static Map<String, Collateral> load(Map<Path, FileTime> files)
      throws IOException, Malformed {
    Map<String, Collateral> out = new TreeMap<>();
    for (Path file : files.keySet()) {
      String name = String.valueOf(file.getFileName());
      out.put(name, CollateralFile.read(name, Files.readAllBytes(file)));
    }
    return Map.copyOf(out);
  }
}
