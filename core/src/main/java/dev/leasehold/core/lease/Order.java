package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    SUSPEND(true, Command.Type.SUSPEND),
    REVOKE(true, Command.Type.REVOKE),
    DRAIN(true, Command.Type.DRAIN),
    /** Revokes the enclaves of one machine, each by a command of its own. */
    QUARANTINE(true, Command.Type.REVOKE),
    RECALL(false, Command.Type.RECALL),
    RESUME(false, Command.Type.RESUME),
    WRITE_OFF(false, null),
    ACTIVATE(false, null);

    private final boolean stops;
    private final Command.@Nullable Type command;

    Action(boolean stops, Command.@Nullable Type command) {
      this.stops = stops;
      this.command = command;
    }

    /** What enclaves are told when this is carried out; empty where it concerns the books alone. */
    public Optional<Command.Type> command() {
      return Optional.ofNullable(command);
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
