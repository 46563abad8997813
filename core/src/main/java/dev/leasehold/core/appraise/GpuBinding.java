package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.nvidia.GpuNonce;
import dev.leasehold.core.evidence.nvidia.NvidiaClaims;
import dev.leasehold.core.lease.EvidenceStatement;
import java.util.List;

/**
 * Whether a GPU's report belongs to the enclave that sends it (protocol §4.3, §6.2 step 10). Each
 * of the two names the other: the report carries a nonce made of the challenge and the enclave's
 * key, and the statement that the CPU's report binds lists the GPU's report. A genuine report of a
 * GPU elsewhere fits neither.
 */
public final class GpuBinding {
  private static final String SOURCE = "protocol §6.2 step 10";

  private GpuBinding() {}

  /**
   * Both checks, passed or not.
   *
   * @param statement as the CPU's report binds it
   */
  public static List<Check> checks(NvidiaClaims gpu, EvidenceStatement statement) {
    return List.of(nonceIsOfThisEnrolment(gpu, statement), reportIsListed(gpu, statement));
  }

  private static Check nonceIsOfThisEnrolment(NvidiaClaims gpu, EvidenceStatement statement) {
    Nonce expected = GpuNonce.of(statement.nonce(), statement.ik());
    Nonce got = gpu.report().nonce();
    return Check.of(
        got.equals(expected),
        "gpu-nonce",
        expected.hex(),
        got.hex(),
        SOURCE,
        "ask the GPU for a report over the nonce of this challenge and this enclave's key");
  }

  private static Check reportIsListed(NvidiaClaims gpu, EvidenceStatement statement) {
    Hash report = gpu.report().sha256();
    return Check.of(
        statement.gpu().contains(report),
        "gpu-digest",
        "the evidence statement to list " + report,
        statement.gpu().isEmpty() ? "none" : statement.gpu().toString(),
        SOURCE,
        "take the GPU's report before the CPU's, and list its SHA-256 in the statement");
  }
}
