package dev.leasehold.custodian.collateral;

import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.azure.AzureEvidence;
import dev.leasehold.core.evidence.dcap.DcapEvidence;
import dev.leasehold.core.evidence.nitro.NitroEvidence;
import dev.leasehold.core.evidence.nvidia.NvidiaEvidence;
import dev.leasehold.core.evidence.snp.SnpEvidence;
import dev.leasehold.core.evidence.tpm.TpmEvidence;
import dev.leasehold.core.pki.Anchors;
import java.time.Instant;
import java.util.List;

/**
 * Which items it takes to judge evidence. The evidence is not verified yet: it decides what is
 * asked for, and nothing more.
 */
final class Needs {
  private Needs() {}

  /**
   * The needs, issuers first.
   *
   * @param given what is at hand without asking; the authority of a TPM's key must be, and a Nitro
   *     document brings all it takes
   * @param update which of Intel's judgements
   */
  static List<Need> of(
      Evidence evidence, Collateral given, Anchors anchors, IntelUpdate update, Instant now) {
    return switch (evidence) {
      case SnpEvidence snp -> new AmdNeeds(snp, given, anchors, now).list();
      case DcapEvidence dcap -> new IntelNeeds(dcap, given, update, now).list();
      case AzureEvidence azure -> of(azure.hardware(), given, anchors, update, now);
      case NvidiaEvidence nvidia -> new NvidiaNeeds(nvidia, given, anchors, now).list();
      case NitroEvidence _, TpmEvidence _ -> List.of();
    };
  }

  /** What the collateral that was had for these needs takes in turn. */
  static List<Need> following(Evidence evidence, Collateral had, Anchors anchors, Instant now) {
    return evidence instanceof NvidiaEvidence nvidia
        ? new NvidiaNeeds(nvidia, had, anchors, now).ofReferenceValues()
        : List.of();
  }
}
