package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.lease.Account;
import dev.leasehold.core.lease.InstanceState;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One enclave (protocol §8.3, the table of instances).
 *
 * @param seq of the newest heartbeat recorded, or of the final
 * @param identity absent until evidence was accepted
 */
public record InstanceRow(
    Id instanceId,
    Id leaseId,
    long createdAt,
    InstanceState state,
    OptionalLong slot,
    long maxActive,
    long epoch,
    long seq,
    long lastSeenAt,
    Account account,
    Optional<Identity> identity) {

  /**
   * What accepted evidence established, and the ends of the two chains.
   *
   * @param ik the enclave's key; unique for all time
   * @param skHash SHA-256 of the key the model key was sealed to; unique for all time
   * @param chainHb H of the newest heartbeat, or of the enrolment's evidence
   * @param chainGrant H of the newest grant
   * @param evidence H of the newest evidence
   */
  public record Identity(
      KeyRecord ik, Hash skHash, String platformId, Hash chainHb, Hash chainGrant, Hash evidence) {}

  /** The identity of an instance that is past CHALLENGED; a constraint says it has one. */
  public Identity known() {
    return identity.orElseThrow(
        () -> new IllegalStateException("instance " + instanceId + " has no identity"));
  }

  public InstanceRow with(InstanceState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("an instance never goes from " + state + " to " + next);
    }
    return new InstanceRow(
        instanceId,
        leaseId,
        createdAt,
        next,
        slot,
        maxActive,
        epoch,
        seq,
        lastSeenAt,
        account,
        identity);
  }

  /** The instance after enrolment. */
  public InstanceRow enrolled(
      long freeSlot, long slots, long now, Account granted, Identity established) {
    return new InstanceRow(
        instanceId,
        leaseId,
        createdAt,
        InstanceState.ACTIVE,
        OptionalLong.of(freeSlot),
        slots,
        epoch,
        0,
        now,
        granted,
        Optional.of(established));
  }

  /** The instance under a newer policy, which newer evidence satisfied. */
  public InstanceRow reattested(long nextEpoch, Hash evidence) {
    Identity i = known();
    return new InstanceRow(
        instanceId,
        leaseId,
        createdAt,
        state,
        slot,
        maxActive,
        nextEpoch,
        seq,
        lastSeenAt,
        account,
        Optional.of(new Identity(i.ik, i.skHash, i.platformId, i.chainHb, i.chainGrant, evidence)));
  }

  /** The instance after a message was recorded. */
  public InstanceRow after(long nextSeq, long now, Account next, Hash message, Hash grant) {
    Identity i = known();
    return new InstanceRow(
        instanceId,
        leaseId,
        createdAt,
        state,
        slot,
        maxActive,
        epoch,
        nextSeq,
        now,
        next,
        Optional.of(new Identity(i.ik, i.skHash, i.platformId, message, grant, i.evidence)));
  }
}
