package dev.leasehold.enclave.terms;

import static dev.leasehold.core.bytes.Malformed.requireSame;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import java.util.function.ToLongFunction;

/**
 * Roster, lease and package in force. Holding one means that the approvers pinned in the measured
 * program signed all three (protocol §6.2).
 *
 * @param measurements handed on to consumers; the custodian appraises by it, the enclave does not
 */
public record Terms(
    Signed<Roster> roster,
    Signed<Lease> lease,
    Signed<ModelPackage> modelPackage,
    Signed<Measurements> measurements) {

  /** Opens what the relay handed over, trusting nothing but the pinned approvers. */
  public static Terms open(Bundles.Start start, Hash approverSet) throws Malformed, BadSignature {
    Signed<Roster> roster = Quorum.roster(start.roster(), approverSet);
    Roster r = roster.body();
    Terms terms =
        new Terms(
            roster,
            Quorum.standing(Statements.LEASE, start.lease(), r),
            Quorum.standing(Statements.PACKAGE, start.modelPackage(), r),
            Quorum.measurements(start.measurements(), r));
    requireSame("lease.package", terms.modelPackage.hash(), terms.lease.body().modelPackage());
    return terms;
  }

  /** Opens a statement of the custodian's server: one grant key, valid when it signed. */
  public <T extends Record> Signed<T> granted(
      Kind<T> kind, Envelope envelope, ToLongFunction<T> issuedAt) throws Malformed, BadSignature {
    return Quorum.byGrantKey(kind, envelope, roster.body(), issuedAt);
  }

  /** Takes the next roster; anything but the direct successor is refused. */
  public Terms withRoster(Envelope envelope) throws Malformed, BadSignature {
    Signed<Roster> next = Quorum.roster(envelope, roster.body().approverSet());
    requireNext("roster", roster.body().version(), next.body().version());
    requireSame("roster.previous", roster.hash(), next.body().previous().orElse(null));
    return new Terms(next, lease, modelPackage, measurements);
  }

  /** Takes the next version of the lease; what may never change has not changed. */
  public Terms withLease(Envelope envelope) throws Malformed, BadSignature {
    Signed<Lease> next = Quorum.standing(Statements.LEASE, envelope, roster.body());
    requireNext("lease", lease.body().version(), next.body().version());
    requireSame("lease.supersedes", lease.hash(), next.body().supersedes().orElse(null));
    requireSuccessor(lease.body(), next.body());
    return new Terms(roster, next, modelPackage, measurements);
  }

  /**
   * Takes what a re-attestation hands over. Versions may have been skipped in between, so only that
   * nothing is older and nothing fixed has changed can be required here.
   */
  public Terms renewed(Terms next) throws Malformed {
    requireNotOlder("roster", roster.body().version(), next.roster.body().version());
    requireNotOlder("lease", lease.body().version(), next.lease.body().version());
    requireSuccessor(lease.body(), next.lease.body());
    return next;
  }

  private static void requireSuccessor(Lease mine, Lease next) throws Malformed {
    next.requireSameLease(mine);
    requireSame("lease.clock", mine.clock(), next.clock());
  }

  private static void requireNext(String what, long mine, long found) throws Malformed {
    if (found != mine + 1) {
      throw new Malformed(what + ".version", String.valueOf(mine + 1), String.valueOf(found));
    }
  }

  private static void requireNotOlder(String what, long mine, long found) throws Malformed {
    if (found < mine) {
      throw new Malformed(what + ".version", "at least " + mine, String.valueOf(found));
    }
  }
}
