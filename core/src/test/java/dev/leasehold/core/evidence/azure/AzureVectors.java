package dev.leasehold.core.evidence.azure;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.testing.Shared;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The genuine evidence of {@code leasehold.shared}/vectors/azure. */
public final class AzureVectors {
  private AzureVectors() {}

  /** What {@code vectors/README.md} says of each. */
  public enum Case {
    GENOA("snp-genoa.json", "../snp/genoa.ask-ark.pem", "2026-01-01T00:00:00Z", ""),
    MILAN(
        "snp-milan-userdata.json",
        "../snp/milan.ask-ark.pem",
        "2026-01-01T00:00:00Z",
        "family tcb"),
    TDX(
        "tdx-spr.json",
        "../tdx/8060-eval17-2025-10.coll.json",
        "2025-10-20T00:00:00Z",
        "tcb sept-ve");

    private final String file;
    private final String collateral;
    private final Instant inside;
    private final String refusedByStrict;

    Case(String file, String collateral, String inside, String refusedByStrict) {
      this.file = file;
      this.collateral = collateral;
      this.inside = Instant.parse(inside);
      this.refusedByStrict = refusedByStrict;
    }

    /** The claims for which the strict policy refuses it. */
    List<String> refusedByStrict() {
      return refusedByStrict.isEmpty() ? List.of() : List.of(refusedByStrict.split(" ", -1));
    }

    Instant inside() {
      return inside;
    }

    byte[] bytes() {
      return read(file);
    }

    AzureEvidence evidence() throws Malformed {
      return AzureEvidence.parse(bytes());
    }

    Collateral collateral() throws Malformed {
      return CollateralFile.read(collateral, read(collateral));
    }

    Verdict verify(AzureEvidence evidence) throws Malformed {
      return verifyAt(evidence, inside);
    }

    Verdict verifyAt(AzureEvidence evidence, Instant now) throws Malformed {
      return Verifier.verify(evidence, collateral(), PinnedAnchors.ANCHORS, now);
    }

    private static byte[] read(String file) {
      try {
        return Shared.read("vectors/azure/" + file);
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
