package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The roots of trust a verifier was given. Production code passes {@link PinnedAnchors}; only the
 * simulation passes others (protocol §17).
 */
public record Anchors(List<Anchor> all) {
  public Anchors {
    all = List.copyOf(all);
  }

  /** The pin this certificate is, byte for byte. */
  public Optional<Anchor> find(X509Certificate certificate) {
    Hash fingerprint = Certificates.fingerprint(certificate);
    return all.stream().filter(a -> a.certificate().equals(fingerprint)).findFirst();
  }

  /** The {@code anchorSet} of an appraisal (protocol §4.3). */
  public Hash setHash() {
    byte[][] sorted =
        all.stream()
            .map(Anchor::certificate)
            .distinct()
            .sorted()
            .map(Hash::bytes)
            .toArray(byte[][]::new);
    return Digests.domain("leasehold/1/anchor-set", sorted);
  }
}
