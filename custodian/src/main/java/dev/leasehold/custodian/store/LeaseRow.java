package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Vec;
import java.util.Optional;

/**
 * A lease and its books (protocol §8.3 {@code lease}).
 *
 * @param version of the envelope in force
 * @param ver one more for every step of the ledger; what the anchor remembers
 * @param stop {@code reserved} when the lease left ACTIVE: nothing above it is ever promised again
 */
public record LeaseRow(
    Id leaseId,
    long version,
    Hash envelope,
    Id borrowerId,
    Hash modelPackage,
    LeaseState state,
    long epoch,
    long incarnation,
    long ver,
    long cseq,
    Ledger ledger,
    Optional<Vec> stop) {

  public boolean isActive() {
    return state == LeaseState.ACTIVE;
  }

  public LeaseRow with(Ledger next) {
    return new LeaseRow(
        leaseId,
        version,
        envelope,
        borrowerId,
        modelPackage,
        state,
        epoch,
        incarnation,
        ver,
        cseq,
        next,
        stop);
  }

  /** The lease in another state; leaving ACTIVE freezes what was promised until then. */
  public LeaseRow with(LeaseState next) {
    if (!state.mayBecome(next)) {
      throw new IllegalStateException("a lease never goes from " + state + " to " + next);
    }
    Optional<Vec> nextStop =
        next == LeaseState.ACTIVE
            ? Optional.empty()
            : Optional.of(stop.orElseGet(ledger::reserved));
    return new LeaseRow(
        leaseId,
        version,
        envelope,
        borrowerId,
        modelPackage,
        next,
        epoch,
        incarnation,
        ver,
        cseq,
        ledger,
        nextStop);
  }

  public LeaseRow withEpoch(long next) {
    return new LeaseRow(
        leaseId,
        version,
        envelope,
        borrowerId,
        modelPackage,
        state,
        next,
        incarnation,
        ver,
        cseq,
        ledger,
        stop);
  }

  public LeaseRow withCseq(long next) {
    return new LeaseRow(
        leaseId,
        version,
        envelope,
        borrowerId,
        modelPackage,
        state,
        epoch,
        incarnation,
        ver,
        next,
        ledger,
        stop);
  }

  /** The lease under a newer envelope, with the ceilings it states. */
  public LeaseRow withTerms(long nextVersion, Hash nextEnvelope, Ledger next) {
    return new LeaseRow(
        leaseId,
        nextVersion,
        nextEnvelope,
        borrowerId,
        modelPackage,
        state,
        epoch,
        incarnation,
        ver,
        cseq,
        next,
        stop);
  }

  LeaseRow withVer(long next) {
    return new LeaseRow(
        leaseId,
        version,
        envelope,
        borrowerId,
        modelPackage,
        state,
        epoch,
        incarnation,
        next,
        cseq,
        ledger,
        stop);
  }
}
