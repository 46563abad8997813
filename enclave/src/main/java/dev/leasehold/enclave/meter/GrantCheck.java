package dev.leasehold.enclave.meter;

import static dev.leasehold.enclave.meter.GrantRefused.require;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.meter.GrantRefused.Check;
import dev.leasehold.enclave.terms.Terms;

/**
 * The enclave's checks on a grant, in the order of protocol §6.3.
 *
 * @param me who the grant must be for
 * @param seq of the outstanding message: 0 is the evidence, then heartbeats
 * @param answers H of the outstanding message
 * @param prev H of the last accepted grant, or of the challenge
 * @param reported the use that the outstanding message told
 * @param allow the allowance so far
 */
record GrantCheck(
    Instance me, long epoch, long seq, Hash answers, Hash prev, Vec reported, Vec allow) {

  Signed<Grant> open(Terms terms, Envelope envelope) throws GrantRefused {
    Signed<Grant> grant = signature(terms, envelope);
    addressee(grant.body());
    chain(grant.body());
    ceilings(grant.body(), terms.lease().body());
    return grant;
  }

  private static Signed<Grant> signature(Terms terms, Envelope envelope) throws GrantRefused {
    try {
      return terms.granted(Statements.GRANT, envelope, Grant::issuedAt);
    } catch (Malformed | BadSignature e) {
      throw new GrantRefused(
          Check.SIGNATURE, "envelope", "a grant signed by a grant key in its time", e);
    }
  }

  private void addressee(Grant g) throws GrantRefused {
    same(Check.ADDRESSEE, "ik", me.ik().key().keyid(), g.ik());
    same(Check.ADDRESSEE, "leaseId", me.leaseId(), g.leaseId());
    same(Check.ADDRESSEE, "instanceId", me.instanceId(), g.instanceId());
    same(Check.ADDRESSEE, "epoch", epoch, g.epoch());
    same(Check.ADDRESSEE, "incarnation", me.incarnation(), g.incarnation());
  }

  private void chain(Grant g) throws GrantRefused {
    same(Check.CHAIN, "seq", seq, g.seq());
    same(Check.CHAIN, "hb", answers, g.hb());
    same(Check.CHAIN, "prev", prev, g.prev());
  }

  private void ceilings(Grant g, Lease lease) throws GrantRefused {
    Vec most = lease.mostAllowed(reported, allow);
    require(g.allow().atMost(most), Check.CEILINGS, "allow", "at most " + most, g.allow());
    require(
        g.ttlMs() <= lease.ttlMs(), Check.CEILINGS, "ttlMs", "at most " + lease.ttlMs(), g.ttlMs());
    require(
        lease.validAt(g.issuedAt()),
        Check.CEILINGS,
        "issuedAt",
        lease.notBefore() + " to before " + lease.notAfter(),
        g.issuedAt());
  }

  private static void same(Check check, String what, Object expected, Object found)
      throws GrantRefused {
    require(expected.equals(found), check, what, expected, found);
  }
}
