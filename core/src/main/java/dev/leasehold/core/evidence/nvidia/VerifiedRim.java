package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.pki.CertificatePath;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.Window;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Genuine reference values that a report was found to match. Made by verification alone. */
public final class VerifiedRim {
  private final String id;
  private final Hash sha256;
  private final ReferenceValues values;
  private final CertificatePath path;
  private final PathStatus status;

  VerifiedRim(
      String id, Hash sha256, ReferenceValues values, CertificatePath path, PathStatus status) {
    this.id = id;
    this.sha256 = sha256;
    this.values = values;
    this.path = path;
    this.status = status;
  }

  /** The name under which NVIDIA serves it. */
  public String id() {
    return id;
  }

  /** Of the manifest as it was held. */
  public Hash sha256() {
    return sha256;
  }

  /** The manifest's own identifier. */
  public String tagId() {
    return values.tagId();
  }

  /** Indices at which the report was compared; block numbers minus one. */
  public Set<Integer> active() {
    return values.active();
  }

  /** When the oldest OCSP answer for its signer's path was given; absent while one is lacking. */
  public Optional<Instant> clearedAt() {
    return status.clearedAt();
  }

  List<Window> windows() {
    return Stream.concat(
            path.windows().stream(),
            status.answers().stream().map(OcspAnswer::windows).flatMap(List::stream))
        .toList();
  }
}
