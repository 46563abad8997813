package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.EvidenceFile;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.pki.Certificates;

/**
 * Reads the hardware's part of the bundle in which an enclave sends its evidence (protocol §6.2).
 */
public final class EvidenceBundle {
  private EvidenceBundle() {}

  /** Well-formed evidence of the environment the bundle names; nothing of it is verified. */
  public static Evidence read(Bundles.EvidencePost post) throws Malformed {
    return EvidenceFile.read(
        kind(post.tee()),
        post.quote().toArray(),
        Certificates.parseAll("certs", post.certs().stream().map(Bytes::toArray).toList()));
  }

  private static EvidenceKind kind(Tee tee) {
    return switch (tee) {
      case SEV_SNP -> EvidenceKind.SNP;
      case TDX -> EvidenceKind.TDX;
      case SGX -> EvidenceKind.SGX;
      case NITRO -> EvidenceKind.NITRO;
      case AZURE_SNP, AZURE_TDX -> EvidenceKind.AZURE;
    };
  }
}
