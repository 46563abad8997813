package dev.leasehold.testkit.party;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.util.List;

/**
 * What honest parties write at one moment, before anybody bends or signs it.
 *
 * @param lease the version in force
 * @param epoch of the lease
 * @param now the custodian's time
 */
public record Drafts(Parties parties, Signed<Lease> lease, long epoch, long now) {
  private static final long INCARNATION = 1;
  private static final String PROGRAM = "leasehold-enclave/test";
  private static final int SK_BYTES = 1_216;

  public Challenge challenge(Id instance, Nonce nonce) {
    return new Challenge(
        Parties.LEASE_ID,
        instance,
        nonce,
        epoch,
        INCARNATION,
        parties.roster.hash(),
        parties.measurements.hash(),
        lease.hash(),
        parties.modelPackage.hash(),
        false,
        60_000,
        LogRef.EMPTY,
        now);
  }

  public EvidenceStatement evidence(Id instance, Ed25519Signer ik, Signed<Challenge> challenge) {
    return new EvidenceStatement(
        Parties.LEASE_ID,
        instance,
        Parties.BORROWER_ID,
        epoch,
        INCARNATION,
        challenge.hash(),
        challenge.body().nonce(),
        ik.key().ed25519(),
        Bytes.of(new byte[SK_BYTES]),
        parties.approverSet(),
        parties.roster.hash(),
        parties.measurements.hash(),
        lease.hash(),
        parties.modelPackage.hash(),
        Parties.CONFIG,
        Lease.ClockClass.NONE,
        PROGRAM,
        List.of(),
        "");
  }

  public AppraisalStatement appraisal(Id instance, Ed25519Signer ik, Hash evidence) {
    return new AppraisalStatement(
        Parties.LEASE_ID,
        instance,
        evidence,
        ik.key().keyid(),
        Tee.SEV_SNP,
        "sev-snp:00",
        Tier.B,
        HexBytes.of(new byte[48]),
        PROGRAM,
        parties.measurements.hash(),
        new AppraisalStatement.Tcb("UpToDate", HexBytes.EMPTY, 0, List.of()),
        List.of(),
        List.of(),
        Parties.hash(9),
        AppraisalStatement.Verdict.AFFIRMING,
        List.of(),
        epoch,
        INCARNATION,
        List.of(),
        LogRef.EMPTY,
        now);
  }

  public Closure closure(Id instance, Hash last, Vec used, Vec refund) {
    return new Closure(
        Parties.LEASE_ID, instance, last, used, refund, epoch, INCARNATION, LogRef.EMPTY, now);
  }

  public Problem problem(
      Id instance, Hash answers, long status, String name, Problem.Action action) {
    return new Problem(
        Problem.TYPE_PREFIX + name,
        status,
        name,
        "",
        Parties.LEASE_ID,
        instance,
        answers,
        action,
        0,
        List.of(),
        epoch,
        INCARNATION,
        now);
  }
}
