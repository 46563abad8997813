package dev.leasehold.testkit.party;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
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
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The messages of one enclave and its custodian, each correct unless a test bends it. */
public final class Exchange {
  public final Parties parties;
  public final Ed25519Signer ik = Parties.key(0x1c);
  public final Id instanceId = Parties.INSTANCE_ID;

  public Exchange(Parties parties) {
    this.parties = parties;
  }

  public Signed<Challenge> challenge() {
    return Dsse.sign(
        Statements.CHALLENGE,
        new Challenge(
            Parties.LEASE_ID,
            instanceId,
            new Nonce("4e".repeat(32)),
            1,
            1,
            parties.roster.hash(),
            parties.measurements.hash(),
            parties.lease.hash(),
            parties.modelPackage.hash(),
            false,
            60_000,
            LogRef.EMPTY,
            Parties.NOW),
        parties.grantKey);
  }

  public Signed<EvidenceStatement> evidence() {
    return Dsse.sign(Statements.EVIDENCE, evidenceBody(), ik);
  }

  public EvidenceStatement evidenceBody() {
    return new EvidenceStatement(
        Parties.LEASE_ID,
        instanceId,
        Parties.BORROWER_ID,
        1,
        1,
        challenge().hash(),
        challenge().body().nonce(),
        ik.key().ed25519(),
        Bytes.of(new byte[1216]),
        parties.approverSet(),
        parties.roster.hash(),
        parties.measurements.hash(),
        parties.lease.hash(),
        parties.modelPackage.hash(),
        Parties.CONFIG,
        Lease.ClockClass.NONE,
        "leasehold-enclave/test",
        List.of(),
        "");
  }

  public Signed<AppraisalStatement> appraisal() {
    return Dsse.sign(
        Statements.APPRAISAL,
        new AppraisalStatement(
            Parties.LEASE_ID,
            instanceId,
            evidence().hash(),
            ik.key().keyid(),
            Tee.SEV_SNP,
            "sev-snp:00",
            Tier.B,
            HexBytes.of(new byte[48]),
            "leasehold-enclave/test",
            parties.measurements.hash(),
            new AppraisalStatement.Tcb("UpToDate", HexBytes.EMPTY, 0, List.of()),
            List.of(),
            List.of(),
            Parties.hash(9),
            AppraisalStatement.Verdict.AFFIRMING,
            List.of(),
            1,
            1,
            List.of(),
            LogRef.EMPTY,
            Parties.NOW),
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
        Statements.CLOSURE,
        new Closure(
            Parties.LEASE_ID, instanceId, last, used, refund, 1, 1, LogRef.EMPTY, Parties.NOW),
        parties.grantKey);
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
        new Problem(
            Problem.TYPE_PREFIX + name,
            status,
            name,
            "",
            Parties.LEASE_ID,
            instanceId,
            answers,
            action,
            0,
            List.of(),
            1,
            1,
            Parties.NOW),
        parties.grantKey);
  }
}
