package dev.leasehold.core.evidence;

import dev.leasehold.core.evidence.azure.AzureEvidence;
import dev.leasehold.core.evidence.azure.AzureVerification;
import dev.leasehold.core.evidence.dcap.DcapEvidence;
import dev.leasehold.core.evidence.dcap.DcapVerification;
import dev.leasehold.core.evidence.nitro.NitroEvidence;
import dev.leasehold.core.evidence.nitro.NitroVerification;
import dev.leasehold.core.evidence.nvidia.NvidiaEvidence;
import dev.leasehold.core.evidence.nvidia.NvidiaVerification;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.snp.SnpVerification;
import dev.leasehold.core.evidence.tpm.TpmEvidence;
import dev.leasehold.core.evidence.tpm.TpmVerification;
import dev.leasehold.core.pki.Anchors;
import java.time.Instant;

/** Decides whether evidence is genuine. A pure function: time and trust are arguments. */
public final class Verifier {
  private Verifier() {}

  /**
   * Verifies evidence as of {@code now}.
   *
   * @param collateral what the verifying party itself fetched or stored
   * @param anchors the only roots of trust
   */
  public static Verdict verify(
      Evidence evidence, Collateral collateral, Anchors anchors, Instant now) {
    return switch (evidence) {
      case SnpEvidence snp -> SnpVerification.verify(snp, collateral, anchors, now);
      case NitroEvidence nitro -> NitroVerification.verify(nitro, anchors, now);
      case NvidiaEvidence nvidia -> NvidiaVerification.verify(nvidia, collateral, anchors, now);
      case DcapEvidence dcap -> DcapVerification.verify(dcap, collateral, anchors, now);
      case AzureEvidence azure -> AzureVerification.verify(azure, collateral, anchors, now);
      case TpmEvidence tpm -> TpmVerification.verify(tpm, collateral, anchors, now);
    };
  }
}
