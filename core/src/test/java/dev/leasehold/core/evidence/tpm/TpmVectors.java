package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.testing.Shared;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** The genuine quotes and event logs of {@code leasehold.shared}/vectors/tpm. */
public final class TpmVectors {
  public static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");

  private TpmVectors() {}

  /** What {@code vectors/README.md} says of a container, its key being enrolled. */
  public enum Case {
    RSA_COCO("rsa-coco.json", true),
    GCE("gce-nonce9009.pb", true),
    WINDOWS_SHA1("win-gce-sha1.json", false);

    private final String file;
    private final boolean acceptedByStrict;

    Case(String file, boolean acceptedByStrict) {
      this.file = file;
      this.acceptedByStrict = acceptedByStrict;
    }

    public boolean acceptedByStrict() {
      return acceptedByStrict;
    }

    public byte[] bytes() {
      return TpmVectors.bytes(file);
    }

    TpmEvidence evidence() throws Malformed {
      return TpmEvidence.parse(bytes());
    }

    /** As by a verifying party that has enrolled the key. */
    Collateral enrolled() throws Malformed {
      return Collateral.ofAttestationKeys(List.of(evidence().key()));
    }
  }

  static Verdict verify(TpmEvidence evidence, Collateral collateral) {
    return Verifier.verify(evidence, collateral, PinnedAnchors.ANCHORS, NOW);
  }

  static byte[] bytes(String file) {
    try {
      return Shared.read("vectors/tpm/" + file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static X509Certificate certificate(String file) throws Malformed {
    return Certificates.parseAny(file, bytes(file)).getFirst();
  }
}
