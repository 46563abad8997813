package dev.leasehold.custodian.grant;

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
 * The custodian's own collateral, in files as vendors serve it. Nothing of it is trusted for being
 * here: chains end at the anchors.
 */
public final class CollateralFolder {
  private static final Logger LOG = LoggerFactory.getLogger(CollateralFolder.class);

  private final Path folder;
  private Map<Path, FileTime> read;
  private Collateral current;

  /** Reads the folder; a file that is not what it should be is refused here and now. */
  public CollateralFolder(Path folder) throws IOException, Malformed {
    this.folder = folder;
    this.read = files();
    this.current = load(read);
  }

  /** What the folder holds; read again when a file was added, removed or changed. */
  public synchronized Collateral current() {
    try {
      Map<Path, FileTime> now = files();
      if (!now.equals(read)) {
        current = load(now);
        read = now;
        LOG.info("collateral read again: {} files", now.size());
      }
    } catch (IOException | Malformed e) {
      LOG.error("the collateral in {} cannot be read; the previous stays in use", folder, e);
    }
    return current;
  }

  private Map<Path, FileTime> files() throws IOException {
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

  private static Collateral load(Map<Path, FileTime> files) throws IOException, Malformed {
    Collateral all = Collateral.NONE;
    for (Path file : files.keySet()) {
      String name = String.valueOf(file.getFileName());
      all = all.and(CollateralFile.read(name, Files.readAllBytes(file)));
    }
    return all;
  }
}
