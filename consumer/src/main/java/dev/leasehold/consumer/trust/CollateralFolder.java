package dev.leasehold.consumer.trust;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.snp.SnpCollateral;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.RevocationList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The consumer's own collateral: {@code *.crl} are revocation lists in DER, every other file is a
 * certificate in DER or PEM. Nothing of it is trusted for being here: chains end at the anchors.
 *
 * @param folder may not exist; then it holds nothing
 */
public record CollateralFolder(Path folder) {
  private static final String SUFFIX = ".crl";

  /** What the folder holds now; checks are rare enough to read it each time. */
  SnpCollateral read() throws CheckFailed {
    List<X509Certificate> certificates = new ArrayList<>();
    List<RevocationList> lists = new ArrayList<>();
    try {
      for (Path file : files()) {
        String name = String.valueOf(file.getFileName());
        byte[] bytes = Files.readAllBytes(file);
        if (name.endsWith(SUFFIX)) {
          lists.add(RevocationList.parse(name, bytes));
        } else {
          certificates.addAll(Certificates.parseAny(name, bytes));
        }
      }
    } catch (Malformed e) {
      throw unusable(e.getMessage());
    } catch (IOException e) {
      throw unusable(e.toString());
    }
    return new SnpCollateral(certificates, lists);
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
        "certificates and revocation lists (*.crl, DER) in " + folder,
        String.valueOf(found),
        "mend or remove that file");
  }
}
