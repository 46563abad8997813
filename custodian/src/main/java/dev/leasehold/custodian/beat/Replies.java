package dev.leasehold.custodian.beat;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Roster;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.custodian.grant.Attested;
import dev.leasehold.custodian.grant.Staples;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.revoke.Commands;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Tx;
import java.util.List;

/** Makes grants and the replies they travel in (protocol §6.3). */
public final class Replies {
  private static final long CLOCK_MS = 60_000;

  private final CustodianKeys keys;
  private final Attested attested;
  private final Staples staples;

  public Replies(CustodianKeys keys, Attested attested, Staples staples) {
    this.keys = keys;
    this.attested = attested;
    this.staples = staples;
  }

  Signed<Grant> grant(
      Tx tx,
      LeaseRow lease,
      InstanceRow instance,
      Lease terms,
      Signed<Heartbeat> answered,
      Vec allow) {
    InstanceRow.Identity identity = instance.known();
    return keys.sign(
        Statements.GRANT,
        new Grant(
            lease.leaseId(),
            instance.instanceId(),
            identity.ik().keyid(),
            lease.epoch(),
            lease.incarnation(),
            answered.body().seq(),
            answered.hash(),
            identity.chainGrant(),
            answered.body().used(),
            allow,
            mode(tx, lease, instance),
            terms.ttlMs(),
            terms.heartbeatMs(),
            lease.cseq(),
            tx.logRef(),
            tx.now()));
  }

  Bundles.HeartbeatReply reply(
      Tx tx,
      LeaseRow lease,
      InstanceRow instance,
      Heartbeat heartbeat,
      Grant lastGrant,
      Signed<Grant> grant) {
    List<Bundles.CommandItem> commands =
        lease.cseq() <= heartbeat.cseq()
            ? List.of()
            : Commands.after(tx, lease.leaseId(), instance.instanceId(), heartbeat.cseq()).stream()
                .map(Commands.Item::wire)
                .toList();
    Attested.Facts facts = attested.facts(tx, instance.known().evidence());
    return new Bundles.HeartbeatReply(
        grant.envelope(),
        staples.issue(tx, lease, instance),
        commands,
        newerLeases(tx, lease, facts, lastGrant),
        newerRosters(tx, facts, lastGrant),
        Json.Obj.EMPTY);
  }

  private Mode mode(Tx tx, LeaseRow lease, InstanceRow instance) {
    return lease.state().grantMode(() -> isDraining(tx, lease, instance));
  }

  private boolean isDraining(Tx tx, LeaseRow lease, InstanceRow instance) {
    long first = attested.firstCseq(tx, instance.instanceId());
    return lease.cseq() > first
        && Commands.after(tx, lease.leaseId(), instance.instanceId(), first).stream()
            .anyMatch(i -> i.command().type() == Command.Type.DRAIN);
  }

  private static List<Envelope> newerLeases(
      Tx tx, LeaseRow lease, Attested.Facts facts, Grant lastGrant) {
    long known = tx.envelopes().body(Statements.LEASE, Lease.class, facts.lease()).version();
    return known == lease.version()
        ? List.of()
        : newer(tx, Statements.LEASE.name(), lease.leaseId().hex(), known, lastGrant);
  }

  private static List<Envelope> newerRosters(Tx tx, Attested.Facts facts, Grant lastGrant) {
    long known = tx.envelopes().body(Statements.ROSTER, Roster.class, facts.roster()).version();
    return newer(tx, Statements.ROSTER.name(), Standing.ROSTER_ID, known, lastGrant);
  }

  /**
   * What the enclave may not have seen: newer than its evidence, and registered since the grant it
   * acknowledges, for it took everything older with that grant's reply. Clocks may have been set in
   * between; what it sees twice it ignores.
   */
  private static List<Envelope> newer(Tx tx, String kind, String id, long known, Grant lastGrant) {
    return tx.standings().newerThan(kind, id, known).stream()
        .map(v -> v.hash())
        .filter(hash -> tx.envelopes().receivedAt(hash) + CLOCK_MS > lastGrant.issuedAt())
        .map((Hash hash) -> tx.envelopes().get(hash))
        .toList();
  }
}
