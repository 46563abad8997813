package dev.leasehold.enclave.meter;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Signer;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.enclave.terms.Challenged;

/**
 * One boot of this program, as it enrolled.
 *
 * @param ik signs everything this enclave says; it exists only in its memory
 * @param challenge H of the challenge it answered
 * @param evidence H of the evidence it answered with; names this boot in heartbeats, final and
 *     receipts, also after a re-attestation (protocol §6.2)
 */
public record Instance(
    Id leaseId, Id instanceId, long incarnation, Signer ik, Hash challenge, Hash evidence) {

  /** The boot that answered this challenge with this evidence. */
  public static Instance of(Challenged challenged, Signer ik, Hash evidence) {
    Challenge c = challenged.challenge().body();
    return new Instance(
        c.leaseId(), c.instanceId(), c.incarnation(), ik, challenged.challenge().hash(), evidence);
  }
}
