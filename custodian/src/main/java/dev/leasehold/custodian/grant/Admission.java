package dev.leasehold.custodian.grant;

import dev.leasehold.core.appraise.Appraisal;
import dev.leasehold.core.appraise.Appraiser;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.azure.AzureClaims;
import dev.leasehold.core.evidence.dcap.DcapClaims;
import dev.leasehold.core.evidence.nitro.NitroClaims;
import dev.leasehold.core.evidence.snp.SnpClaims;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.hpke.DekTransport;
import dev.leasehold.core.hpke.Sealed;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.KeyRelease;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.seal.DekMessage;
import dev.leasehold.core.seal.OpenFailed;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.standing.Standing;
import dev.leasehold.custodian.store.Attestations;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What follows accepted evidence: grant 0 and the key, sealed once to the key in the evidence
 * (protocol §6.2 step 11), or a staple under the new epoch.
 */
public final class Admission {
  private final CustodianKeys keys;
  private final Judge judge;
  private final Staples staples;

  public Admission(CustodianKeys keys, Judge judge, Staples staples) {
    this.keys = keys;
    this.judge = judge;
    this.staples = staples;
  }

  String enrol(Tx tx, Judge.Case question, Appraisal.Affirming affirmed) throws Rejected {
    LeaseRow lease = question.lease();
    Lease terms = Stops.terms(tx, lease);
    long slot = freeSlot(tx, lease, terms);
    if (!lease.ledger().admits()) {
      throw new Rejected(
          ProblemType.EXPOSURE_FULL,
          "nothing more may be promised now: room is " + lease.ledger().room());
    }
    Ledger.Step step = lease.ledger().grantZero(terms.tranche());
    Signed<AppraisalStatement> appraisal = appraisal(tx, question, affirmed);
    Signed<Grant> grant = grantZero(tx, question, terms, step.account().allow());
    LeaseRow after = tx.leases().save(lease.with(step.ledger()));
    InstanceRow enrolled =
        question
            .instance()
            .enrolled(
                slot,
                terms.maxActive(),
                tx.now(),
                step.account(),
                identity(question, affirmed.verified().orElseThrow(), grant.hash()));
    tx.instances().save(enrolled);
    tx.log().add(appraisal);
    tx.log().add(grant);
    Signed<KeyRelease> release = keyRelease(tx, question, grant.hash());
    tx.attestations().insertKeyRelease(enrolled.instanceId(), release.envelope().write());
    return record(
        tx,
        question,
        new Bundles.EnrolmentReply(
            appraisal.envelope(),
            Optional.of(grant.envelope()),
            Optional.of(release.envelope()),
            Optional.of(staples.issue(tx, after, enrolled, appraisal.hash())),
            Json.Obj.EMPTY));
  }

  /** The heartbeat chain, the books and the key stay as they are. */
  String reattest(Tx tx, Judge.Case question, Appraisal.Affirming affirmed) {
    LeaseRow lease = question.lease();
    Signed<AppraisalStatement> appraisal = appraisal(tx, question, affirmed);
    InstanceRow after = question.instance().reattested(lease.epoch(), question.candidate().hash());
    tx.instances().save(after);
    tx.log().add(appraisal);
    Optional<Envelope> staple =
        lease.isActive()
            ? Optional.of(staples.issue(tx, lease, after, appraisal.hash()))
            : Optional.empty();
    return record(
        tx,
        question,
        new Bundles.EnrolmentReply(
            appraisal.envelope(), Optional.empty(), Optional.empty(), staple, Json.Obj.EMPTY));
  }

  private static String record(Tx tx, Judge.Case question, Bundles.EnrolmentReply reply) {
    String text = Bundle.text(Bundles.EnrolmentReply.class, reply);
    String request = Bundle.text(Bundles.EvidencePost.class, question.candidate().post());
    tx.attestations()
        .insert(
            question.candidate().hash(),
            new Attestations.Row(
                question.instance().instanceId(), question.lease().epoch(), request, text));
    return text;
  }

  private static long freeSlot(Tx tx, LeaseRow lease, Lease terms) throws Rejected {
    Set<Long> taken = tx.instances().slots(lease.leaseId());
    for (long slot = 1; slot <= terms.maxActive(); slot++) {
      if (!taken.contains(slot)) {
        return slot;
      }
    }
    throw new Rejected(
        ProblemType.SLOTS_FULL, "all " + terms.maxActive() + " slots of the lease are taken");
  }

  private static InstanceRow.Identity identity(
      Judge.Case question, EnvironmentClaims claims, Hash grant) {
    Candidate c = question.candidate();
    return new InstanceRow.Identity(
        c.statement().ikRecord(), c.skHash(), claims.platformId(), c.hash(), grant, c.hash());
  }

  private Signed<AppraisalStatement> appraisal(
      Tx tx, Judge.Case question, Appraisal.Affirming affirmed) {
    Candidate c = question.candidate();
    LeaseRow lease = question.lease();
    EnvironmentClaims claims = affirmed.verified().orElseThrow();
    Standing.InForce<Measurements> set =
        Standing.measurements(tx, Stops.terms(tx, lease).measurementSet()).orElseThrow();
    Borrower.Platform platform = Judge.listed(tx, lease, claims.platformId()).orElseThrow();
    return keys.sign(
        Statements.APPRAISAL,
        new AppraisalStatement(
            lease.leaseId(),
            question.instance().instanceId(),
            c.hash(),
            c.statement().ikRecord().keyid(),
            Appraiser.tee(claims),
            claims.platformId(),
            platform.tier(),
            claims.measurement(),
            affirmed.entry().program(),
            set.hash(),
            Appraiser.tcb(claims, set.body().policy()),
            List.of(),
            collateral(claims),
            judge.anchorSet(),
            AppraisalStatement.Verdict.AFFIRMING,
            affirmed.claims(),
            lease.epoch(),
            lease.incarnation(),
            List.of(),
            tx.logRef(),
            tx.now()));
  }

  private static List<Hash> collateral(EnvironmentClaims claims) {
    return switch (claims) {
      case SnpClaims snp -> snp.revocations().map(l -> l.sha256()).stream().toList();
      case NitroClaims _ -> List.of();
      case DcapClaims dcap -> dcap.collateral();
      case AzureClaims azure -> collateral(azure.hardware());
    };
  }

  private Signed<Grant> grantZero(Tx tx, Judge.Case question, Lease terms, Vec allow) {
    LeaseRow lease = question.lease();
    return keys.sign(
        Statements.GRANT,
        new Grant(
            lease.leaseId(),
            question.instance().instanceId(),
            question.candidate().statement().ikRecord().keyid(),
            lease.epoch(),
            lease.incarnation(),
            0,
            question.candidate().hash(),
            question.challenge(),
            Vec.ZERO,
            allow,
            Mode.RUN,
            terms.ttlMs(),
            terms.heartbeatMs(),
            lease.cseq(),
            tx.logRef(),
            tx.now()));
  }

  private Signed<KeyRelease> keyRelease(Tx tx, Judge.Case question, Hash grant) {
    LeaseRow lease = question.lease();
    EvidenceStatement statement = question.candidate().statement();
    ModelPackage p = Standing.modelPackage(tx, lease.modelPackage());
    DekTransport.Release binding =
        new DekTransport.Release(
            question.candidate().hash(), grant, statement.lease(), lease.modelPackage());
    Sealed sealed;
    try (DekMessage dek =
        new DekMessage(p.dekId(), keys.kek().unwrap(p.dekId(), wrapped(tx, lease)))) {
      sealed = DekTransport.sealForRelease(question.candidate().sk(), binding, dek);
    } catch (OpenFailed e) {
      throw new IllegalStateException(
          "the key of package " + p.packageId() + " does not unwrap", e);
    }
    return keys.sign(
        Statements.KEY_RELEASE,
        new KeyRelease(
            lease.leaseId(),
            question.instance().instanceId(),
            question.candidate().hash(),
            grant,
            p.dekId(),
            KeyRelease.KEM_XWING,
            sealed.enc(),
            sealed.ct(),
            0,
            1,
            tx.now()));
  }

  private static String wrapped(Tx tx, LeaseRow lease) {
    return tx.deks()
        .wrapped(lease.modelPackage())
        .orElseThrow(() -> new IllegalStateException("no key for " + lease.modelPackage()));
  }
}
