package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.MaxBytes;
import java.util.List;
import java.util.Optional;

/**
 * What the custodian tells enclaves to do (protocol §6.4).
 *
 * @param cseq one more for each command of the lease
 * @param order H of the order behind it; empty for the custodian's own stops
 */
public record Command(
    Id leaseId,
    Target instanceId,
    long cseq,
    Type type,
    @MaxBytes(64) String reason,
    Optional<Hash> order,
    long epoch,
    long incarnation,
    List<Hash> approvals,
    LogRef log,
    long issuedAt) {

  /** What an enclave does about it. */
  public enum Type {
    SUSPEND,
    RESUME,
    REVOKE,
    RECALL,
    DRAIN,
    ROTATE
  }
}
