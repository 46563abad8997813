package dev.leasehold.testkit.party;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The messages of one enclave and its custodian, each correct unless a test bends it. */
public final class Exchange {
  public final Parties parties;
  public final Ed25519Signer ik = Parties.key(0x1c);
  public final Id instanceId = Parties.INSTANCE_ID;

  private final Drafts drafts;

  public Exchange(Parties parties) {
    this.parties = parties;
    this.drafts = new Drafts(parties, parties.lease, 1, Parties.NOW);
  }

  public Signed<Challenge> challenge() {
    return Dsse.sign(
        Statements.CHALLENGE,
        drafts.challenge(instanceId, new Nonce("4e".repeat(32))),
        parties.grantKey);
  }

  public Signed<EvidenceStatement> evidence() {
    return Dsse.sign(Statements.EVIDENCE, evidenceBody(), ik);
  }

  public EvidenceStatement evidenceBody() {
    return drafts.evidence(instanceId, ik, challenge());
  }

  public Signed<AppraisalStatement> appraisal() {
    return Dsse.sign(
        Statements.APPRAISAL,
        drafts.appraisal(instanceId, ik, evidence().hash()),
        parties.grantKey);
  }

  public Grant grantZero() {
    return grant(0, evidence().hash(), challenge().hash(), Vec.ZERO);
  }

  /** A grant of a full tranche beyond the use. */
  public Grant grant(long seq, Hash hb, Hash prev, Vec used) {
    Lease lease = parties.lease.body();
    return new Grant(
        Parties.LEASE_ID,
        instanceId,
        ik.key().keyid(),
        1,
        1,
        seq,
        hb,
        prev,
        used,
        used.plus(lease.tranche()).min(lease.budget()),
        Mode.RUN,
        lease.ttlMs(),
        lease.heartbeatMs(),
        0,
        LogRef.EMPTY,
        Parties.NOW + seq);
  }

  public Signed<Grant> sign(Grant grant) {
    return Dsse.sign(Statements.GRANT, grant, parties.grantKey);
  }

  public Signed<Heartbeat> heartbeat(long seq, Hash prev, Hash ack, Vec used) {
    return Dsse.sign(
        Statements.HEARTBEAT,
        new Heartbeat(
            Parties.LEASE_ID,
            instanceId,
            1,
            1,
            seq,
            prev,
            ack,
            used,
            Heartbeat.ReportedMode.RUN,
            0,
            0,
            0,
            Collections.nCopies(Heartbeat.BUCKETS, 0L),
            1_000,
            Parties.NOW,
            0),
        ik);
  }

  public Signed<Final> last(long seq, Hash prev, Hash ack, Vec used) {
    return Dsse.sign(
        Statements.FINAL,
        new Final(
            Parties.LEASE_ID,
            instanceId,
            1,
            1,
            seq,
            prev,
            ack,
            used,
            Final.Reason.DRAINED,
            0,
            0,
            0,
            0,
            Final.Wiped.YES),
        ik);
  }

  public Signed<Closure> closure(Hash last, Vec used, Vec refund) {
    return Dsse.sign(
        Statements.CLOSURE, drafts.closure(instanceId, last, used, refund), parties.grantKey);
  }

  public Signed<Command> revoke(long cseq) {
    return Dsse.sign(
        Statements.COMMAND,
        new Command(
            Parties.LEASE_ID,
            Target.ALL,
            cseq,
            Command.Type.REVOKE,
            "test",
            Optional.empty(),
            1,
            1,
            List.of(),
            LogRef.EMPTY,
            Parties.NOW),
        parties.grantKey);
  }

  public Signed<Problem> problem(Hash answers, long status, String name, Problem.Action action) {
    return Dsse.sign(
        Statements.PROBLEM,
        drafts.problem(instanceId, answers, status, name, action),
        parties.grantKey);
  }
}
