package dev.leasehold.consumer.trust;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's own collateral, in files as vendors serve it. Nothing of it is trusted for being
 * here: chains end at the anchors.
 *
 * @param folder may not exist; then it holds nothing
 */
public record CollateralFolder(Path folder) {
  /** What the folder holds now; checks are rare enough to read it each time. */
  Collateral read() throws CheckFailed {
    Collateral all = Collateral.NONE;
    try {
      for (Path file : files()) {
        String name = String.valueOf(file.getFileName());
        all = all.and(CollateralFile.read(name, Files.readAllBytes(file)));
      }
    } catch (Malformed e) {
      throw unusable(e.getMessage());
    } catch (IOException e) {
      throw unusable(e.toString());
    }
    return all;
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private CheckFailed unusable(@Nullable String found) {
    return new CheckFailed(
        "collateral",
        "certificates and revocation lists as vendors serve them in " + folder,
        String.valueOf(found),
        "mend or remove that file");
  }
}
