package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import java.util.List;
import java.util.Map;

/**
 * What a person decided (protocol §6.4). Stopping needs one signature, starting the quorum.
 *
 * @param instanceId an instance in hex, or {@code "*"} for the whole lease
 * @param leaseVer version of the lease envelope the signer saw; ignored by stops
 * @param afterCseq the lease's newest cseq when this was signed
 */
public record Order(
    Action action,
    Id leaseId,
    Target instanceId,
    long leaseVer,
    long afterCseq,
    Map<String, String> args,
    String reason,
    Nonce nonce,
    long issuedAt,
    long expiresAt,
    List<Hash> approvals) {

  /** What an order asks for. */
  public enum Action {
    SUSPEND(true),
    REVOKE(true),
    DRAIN(true),
    QUARANTINE(true),
    RECALL(false),
    RESUME(false),
    WRITE_OFF(false),
    ACTIVATE(false);

    private final boolean stops;

    Action(boolean stops) {
      this.stops = stops;
    }

    /** True for actions that only ever reduce what can happen: one operator suffices. */
    public boolean stops() {
      return stops;
    }

    /** True for actions that need {@code threshold.grant} approvers; a recall needs one. */
    public boolean needsQuorum() {
      return !stops && this != RECALL;
    }
  }
}
