package dev.leasehold.fuzz;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.evidence.nvidia.NvidiaEvidence;
import dev.leasehold.core.evidence.nvidia.NvidiaReport;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.PinnedAnchors;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** NVIDIA GPUs: the SPDM report. */
final class NvidiaTargets {
  private static final Instant NOW = Instant.parse("2025-08-21T12:00:00Z");

  static final List<Target> ALL =
      List.of(
          new Target(
              "nvidia-report", () -> Vectors.all("nvidia", ".report"), NvidiaTargets::report));

  private NvidiaTargets() {}

  /** Read on first use. */
  private static final class Genuine {
    static final List<X509Certificate> CHAIN = chain();

    private static List<X509Certificate> chain() {
      try {
        return Vectors.present()
            ? Certificates.parsePem("chain", Vectors.text("nvidia/h100-550.chain.pem"))
            : List.of();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void report(byte[] input) throws Malformed {
    NvidiaReport report = NvidiaReport.parse(input);
    byte[] signed = report.signedPart().toArray();
    Target.require(Arrays.equals(signed, Arrays.copyOf(input, signed.length)), "what is signed");
    Target.require(
        signed.length + report.signature().bytes().length == input.length, "nothing else");
    report.vbiosRimId();
    Verdict verdict =
        Verifier.verify(
            new NvidiaEvidence(report, Genuine.CHAIN), Collateral.NONE, PinnedAnchors.ANCHORS, NOW);
    Target.require(!verdict.checks().isEmpty(), "a verdict lists its steps");
  }
}
