package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Wire;
import java.util.List;

/** The custodian's judgement of one piece of evidence, check by check (protocol §6.2). */
public record AppraisalStatement(
    Id leaseId,
    Id instanceId,
    Hash evidence,
    Hash ik,
    Tee tee,
    String platformId,
    Tier tier,
    HexBytes measurement,
    String program,
    Hash measurements,
    Tcb tcb,
    List<Hash> attachments,
    List<Hash> collateral,
    Hash anchorSet,
    Verdict verdict,
    List<Claim> claims,
    long epoch,
    long incarnation,
    List<Hash> approvals,
    LogRef log,
    long issuedAt) {

  /** The platform's patch level as its vendor words it. */
  public record Tcb(String status, HexBytes svn, long evaluation, List<String> advisories) {}

  /** Whether the owner accepts the evidence. */
  public enum Verdict {
    @Wire("affirming")
    AFFIRMING,
    @Wire("refused")
    REFUSED
  }
}
