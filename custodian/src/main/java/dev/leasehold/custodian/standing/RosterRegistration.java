package dev.leasehold.custodian.standing;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Quorum;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.Tx;

/** The approver set is that of {@code init}, for good: every measured enclave has it built in. */
final class RosterRegistration implements Registration<Roster> {
  private final CustodianKeys keys;

  RosterRegistration(CustodianKeys keys) {
    this.keys = keys;
  }

  @Override
  public Kind<Roster> kind() {
    return Statements.ROSTER;
  }

  @Override
  public Signed<Roster> open(Tx tx, Envelope envelope) throws Malformed, BadSignature {
    return Quorum.roster(envelope, new Hash(tx.meta().get("approver_set")));
  }

  @Override
  public void putInForce(Tx tx, Signed<Roster> statement) throws Rejected {
    Roster roster = statement.body();
    Rules.requireNext("roster", tx.standings().newest(kind().name(), Standing.ROSTER_ID), roster);
    Rules.require(
        roster.grantKey(keys.grantKey().keyid(), tx.now()).isPresent(),
        "roster.grantKeys",
        "this server's grant key " + keys.grantKey().keyid() + ", valid now",
        roster.grantKeys().stream().map(g -> g.key().keyid()).toList());
    Rules.requireSame("roster.log.key", keys.logKey().ed25519(), roster.log().key());
    Rules.requireSame("roster.importKey", keys.importKey().publicKey().raw(), roster.importKey());
    tx.standings().insert(kind().name(), Standing.ROSTER_ID, roster.version(), statement.hash());
  }
}
