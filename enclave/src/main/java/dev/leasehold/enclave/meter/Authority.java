package dev.leasehold.enclave.meter;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.KeyRelease;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Staple;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.enclave.terms.Challenged;
import dev.leasehold.enclave.terms.Terms;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * The custodian as one instance hears it: opens what its server signs, under the terms in force,
 * and remembers the latest instant that any of it names. What is not signed as it must be, or is
 * meant for somebody else, is refused.
 */
final class Authority {
  private final Instance me;
  private Terms terms;
  private long tMin;

  Authority(Instance me, Challenged challenged) {
    this.me = me;
    this.terms = challenged.terms();
    this.tMin = challenged.challenge().body().issuedAt();
  }

  /** Roster, lease and package in force. */
  Terms terms() {
    return terms;
  }

  /** The newest lease statement. */
  Lease lease() {
    return terms.lease().body();
  }

  /** A time that has certainly come: the latest that the custodian has signed. */
  long tMin() {
    return tMin;
  }

  boolean leaseHasEnded() {
    return tMin >= lease().notAfter();
  }

  /** A statement by a grant key names this instant, which is therefore past. */
  void observe(long issuedAt) {
    tMin = Math.max(tMin, issuedAt);
  }

  /** A challenge for re-attestation: for this boot, under an epoch newer than {@code epoch}. */
  void recalled(Challenged challenged, long epoch) throws Malformed {
    Challenge c = challenged.challenge().body();
    Malformed.requireSame("challenge.leaseId", me.leaseId(), c.leaseId());
    Malformed.requireSame("challenge.instanceId", me.instanceId(), c.instanceId());
    Malformed.requireSame("challenge.incarnation", me.incarnation(), c.incarnation());
    if (c.epoch() <= epoch) {
      throw new Malformed("challenge.epoch", "above " + epoch, String.valueOf(c.epoch()));
    }
    terms = terms.renewed(challenged.terms());
    observe(c.issuedAt());
  }

  /** The next roster; anything but the successor of what is in force is as if it had not come. */
  void renewRoster(Envelope envelope) {
    renew(() -> terms.withRoster(envelope));
  }

  /** The next lease statement, likewise. */
  void renewLease(Envelope envelope) {
    renew(() -> terms.withLease(envelope));
  }

  void requireAppraisal(Envelope envelope, Hash evidence, long epoch)
      throws Malformed, BadSignature {
    AppraisalStatement a =
        open(Statements.APPRAISAL, envelope, AppraisalStatement::issuedAt).body();
    Malformed.requireSame("appraisal.leaseId", me.leaseId(), a.leaseId());
    Malformed.requireSame("appraisal.instanceId", me.instanceId(), a.instanceId());
    Malformed.requireSame("appraisal.evidence", evidence, a.evidence());
    Malformed.requireSame("appraisal.ik", me.ik().key().keyid(), a.ik());
    Malformed.requireSame("appraisal.epoch", epoch, a.epoch());
    Malformed.requireSame("appraisal.incarnation", me.incarnation(), a.incarnation());
    Malformed.requireSame("appraisal.verdict", AppraisalStatement.Verdict.AFFIRMING, a.verdict());
  }

  Signed<KeyRelease> keyRelease(Envelope envelope, Hash grant) throws Malformed, BadSignature {
    Signed<KeyRelease> signed = open(Statements.KEY_RELEASE, envelope, KeyRelease::issuedAt);
    KeyRelease r = signed.body();
    Malformed.requireSame("keyrelease.leaseId", me.leaseId(), r.leaseId());
    Malformed.requireSame("keyrelease.instanceId", me.instanceId(), r.instanceId());
    Malformed.requireSame("keyrelease.evidence", me.evidence(), r.evidence());
    Malformed.requireSame("keyrelease.grant", grant, r.grant());
    return signed;
  }

  /** A command to this instance; empty for one to another. */
  Optional<Command> command(Envelope envelope) throws Malformed, BadSignature {
    Command c = open(Statements.COMMAND, envelope, Command::issuedAt).body();
    return c.leaseId().equals(me.leaseId()) && c.instanceId().covers(me.instanceId())
        ? Optional.of(c)
        : Optional.empty();
  }

  /** A problem, if it is signed, for me, and answers this message. */
  Optional<Problem> problem(Envelope envelope, Hash message) {
    try {
      Problem p = open(Statements.PROBLEM, envelope, Problem::issuedAt).body();
      boolean mine =
          p.answers().equals(message)
              && p.leaseId().equals(me.leaseId())
              && p.instanceId().equals(me.instanceId());
      return mine ? Optional.of(p) : Optional.empty();
    } catch (Malformed | BadSignature e) {
      return Optional.empty();
    }
  }

  /** Whether this is a staple for my key. */
  boolean staples(Envelope envelope) {
    try {
      Staple s = open(Statements.STAPLE, envelope, Staple::issuedAt).body();
      return s.instanceId().equals(me.instanceId()) && s.ik().equals(me.ik().key().keyid());
    } catch (Malformed | BadSignature e) {
      return false;
    }
  }

  /** Whether this is the closure of the final with this hash. */
  boolean closes(Envelope envelope, Hash finalHash) {
    try {
      return open(Statements.CLOSURE, envelope, Closure::issuedAt)
          .body()
          .finalHash()
          .equals(finalHash);
    } catch (Malformed | BadSignature e) {
      return false;
    }
  }

  /** Every statement of the custodian's server comes through here, so that none escapes tMin. */
  private <T extends Record> Signed<T> open(
      Kind<T> kind, Envelope envelope, ToLongFunction<T> issuedAt) throws Malformed, BadSignature {
    Signed<T> signed = terms.granted(kind, envelope, issuedAt);
    observe(issuedAt.applyAsLong(signed.body()));
    return signed;
  }

  private void renew(Renewal renewal) {
    try {
      terms = renewal.terms();
    } catch (Malformed | BadSignature e) {
      // Not the successor of what is in force, signed as it must be: as if it had not come.
    }
  }

  private interface Renewal {
    Terms terms() throws Malformed, BadSignature;
  }
}
