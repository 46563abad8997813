package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.MaxBytes;
import java.util.List;

/**
 * A signed refusal: the only error that may change an enclave's state (protocol §7.2).
 *
 * @param type {@code urn:leasehold:problem:<name>}
 * @param answers H of the message refused
 */
public record Problem(
    String type,
    long status,
    String title,
    @MaxBytes(2000) String detail,
    Id leaseId,
    Id instanceId,
    Hash answers,
    Action action,
    long retryAfterMs,
    List<Claim> claims,
    long epoch,
    long incarnation,
    long issuedAt) {
  public static final String TYPE_PREFIX = "urn:leasehold:problem:";

  /** The name of the problem without its prefix, such as {@code evidence-rejected:measurement}. */
  public String name() {
    return type.startsWith(TYPE_PREFIX) ? type.substring(TYPE_PREFIX.length()) : type;
  }

  /** What the enclave does about it. */
  public enum Action {
    RETRY,
    REATTEST,
    HOLD,
    STOP
  }
}
