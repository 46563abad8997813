package dev.leasehold.custodian.grant;

import dev.leasehold.core.appraise.Appraisal;
import dev.leasehold.core.appraise.Appraiser;
import dev.leasehold.core.appraise.Binding;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.custodian.collateral.Library;
import dev.leasehold.custodian.collateral.Supply;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Platforms;
import dev.leasehold.custodian.store.Tx;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides on evidence: is it genuine, and does the owner accept it (protocol §6.2 steps 2 to 9).
 */
public final class Judge {
  private final Library collateral;
  private final Anchors anchors;
  private final Clock clock;

  /**
   * A judge who trusts these roots and no others.
   *
   * @param collateral the custodian's own; what the host sent is input to be verified
   */
  public Judge(Library collateral, Anchors anchors, Clock clock) {
    this.collateral = collateral;
    this.anchors = anchors;
    this.clock = clock;
  }

  /** What is judged: the evidence, whose it is, and the challenge it answers. */
  record Case(Candidate candidate, InstanceRow instance, LeaseRow lease, Hash challenge) {}

  /**
   * Whether the hardware is genuine, as of now. A vendor in trouble refuses nobody for good: what
   * could not be fetched is a reason to come again.
   */
  Verdict verify(Candidate candidate) throws Rejected {
    Supply supply = collateral.supply(candidate.hardware());
    if (!supply.awaited().isEmpty()) {
      throw new Rejected(
          ProblemType.BUSY, "collateral is being fetched: " + String.join("; ", supply.awaited()));
    }
    return Verifier.verify(candidate.hardware(), supply.collateral(), anchors, clock.instant());
  }

  Hash anchorSet() {
    return anchors.setHash();
  }

  /** The owner's judgement, every check listed. */
  Appraisal appraise(Tx tx, Case question, Verdict verdict) throws Rejected {
    Candidate c = question.candidate;
    Lease terms = Stops.terms(tx, question.lease);
    Appraisal hardware =
        Appraiser.appraise(
            verdict,
            measurements(tx, terms).body(),
            Binding.to(c.hash(), c.statement().nonce(), c.statement().config()),
            Instant.ofEpochMilli(tx.now()));
    StatementChecks checks = new StatementChecks();
    if (hardware.verified().isPresent()) {
      String platform = hardware.verified().get().platformId();
      checks.platform(
          platform,
          listed(tx, question.lease, platform),
          tx.platforms().find(platform).map(Platforms.Row::quarantined).orElse(false),
          terms.minTier());
    }
    Challenge challenge =
        tx.envelopes().body(Statements.CHALLENGE, Challenge.class, question.challenge);
    checks
        .statement(c, challenge, question.challenge, terms)
        .approvers(new Hash(tx.meta().get("approver_set")), c.statement().approverSet());
    keys(tx, question, checks);
    return hardware.and(checks.all());
  }

  /** The measurement set in force. */
  static Standing.InForce<Measurements> measurements(Tx tx, Lease terms) throws Rejected {
    return Standing.measurements(tx, terms.measurementSet())
        .orElseThrow(() ->
            new Rejected(
                ProblemType.CONFLICT,
                "no version of measurement set " + terms.measurementSet() + " is valid yet"));
  }

  static Optional<Borrower.Platform> listed(Tx tx, LeaseRow lease, String platform) {
    return Standing.borrower(tx, lease.borrowerId()).stream()
        .flatMap(b -> b.body().platforms().stream())
        .filter(p -> p.platformId().equals(platform))
        .findFirst();
  }

  private static void keys(Tx tx, Case question, StatementChecks checks) {
    Candidate c = question.candidate;
    if (question.instance.state() == InstanceState.ACTIVE) {
      InstanceRow.Identity known = question.instance.known();
      checks.sameKeys(
          known.ik().equals(c.statement().ikRecord()) && known.skHash().equals(c.skHash()));
    } else {
      checks.newKeys(
          tx.instances()
              .keysUsedByOther(
                  question.instance.instanceId(), c.statement().ikRecord(), c.skHash()));
    }
  }
}
