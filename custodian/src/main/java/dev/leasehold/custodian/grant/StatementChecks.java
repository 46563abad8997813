package dev.leasehold.custodian.grant;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.custodian.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The checks of protocol §6.2 steps 6, 8 and 9: that genuine hardware is this borrower's, that what
 * the enclave says is what it was challenged with, and that its keys are new.
 */
final class StatementChecks {
  private static final String STEP_6 = "protocol §6.2 step 6";
  private static final String STEP_8 = "protocol §6.2 step 8";
  private static final String STEP_9 = "protocol §6.2 step 9";
  private static final String DUPLICATE = "duplicate-key";
  private static final String PLATFORM = "platform-";
  private static final List<String> LEASE = List.of("lease-id", "instance-id", "borrower-id");

  private final List<Check> checks = new ArrayList<>();

  /** The refusal that a failed check of this name is. */
  static ProblemType problem(String claim) {
    if (claim.startsWith(PLATFORM)) {
      return ProblemType.PLATFORM;
    }
    if (claim.equals(DUPLICATE)) {
      return ProblemType.DUPLICATE_KEY;
    }
    return LEASE.contains(claim) ? ProblemType.LEASE_MISMATCH : ProblemType.EVIDENCE_REJECTED;
  }

  List<Check> all() {
    return checks;
  }

  StatementChecks platform(
      String platformId, Optional<Borrower.Platform> listed, boolean quarantined, Tier minimum) {
    add(
        listed.isPresent(),
        PLATFORM + "list",
        "a machine of the borrower's list",
        platformId,
        STEP_6,
        "have the approvers add this machine to the borrower's statement");
    add(
        !quarantined,
        PLATFORM + "state",
        "ALLOWED",
        quarantined ? "QUARANTINED" : "ALLOWED",
        STEP_6,
        "use another machine: this one was quarantined, and stays so");
    add(
        listed.map(p -> p.tier().atLeast(minimum)).orElse(false),
        PLATFORM + "tier",
        "tier " + minimum + " or better",
        listed.map(p -> "tier " + p.tier()).orElse("none"),
        STEP_6,
        "use a machine of a better tier, or have the lease's minTier changed");
    return this;
  }

  StatementChecks statement(Candidate c, Challenge challenge, Hash challengeHash, Lease lease) {
    EvidenceStatement s = c.statement();
    add(
        c.signed(),
        "evidence-signature",
        "signature by the ik inside the evidence",
        c.signed() ? "verified" : "not verified",
        STEP_8,
        "send the statement as the enclave signed it");
    same("lease-id", challenge.leaseId(), s.leaseId());
    same("instance-id", challenge.instanceId(), s.instanceId());
    same("borrower-id", lease.borrowerId(), s.borrowerId());
    same("challenge", challengeHash, s.challenge());
    same("epoch", challenge.epoch(), s.epoch());
    same("incarnation", challenge.incarnation(), s.incarnation());
    same("roster", challenge.roster(), s.roster());
    same("measurements", challenge.measurements(), s.measurements());
    same("lease", challenge.lease(), s.lease());
    same("package", challenge.modelPackage(), s.modelPackage());
    same("clock", lease.clock(), s.clock());
    same("gpu", List.of(), s.gpu());
    return this;
  }

  StatementChecks approvers(Hash own, Hash found) {
    same("approver-set", own, found);
    return this;
  }

  StatementChecks newKeys(boolean seenBefore) {
    add(
        !seenBefore,
        DUPLICATE,
        "ik and sk never seen before",
        seenBefore ? "keys of another instance" : "new keys",
        STEP_9,
        "restart the enclave on a machine whose random numbers are its own");
    return this;
  }

  StatementChecks sameKeys(boolean same) {
    add(
        same,
        DUPLICATE,
        "ik and sk of the enrolment",
        same ? "the same" : "others",
        STEP_9,
        "re-attest with the keys of this boot, or enrol anew");
    return this;
  }

  private void same(String claim, Object expected, Object got) {
    add(
        expected.equals(got),
        claim,
        String.valueOf(expected),
        String.valueOf(got),
        STEP_8,
        "answer the challenge of this custodian with the terms it names");
  }

  private void add(
      boolean ok, String claim, String expected, String got, String source, String remedy) {
    checks.add(Check.of(ok, claim, expected, got, source, remedy));
  }
}
