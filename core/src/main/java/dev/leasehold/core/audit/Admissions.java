package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.AppraisalStatement;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Challenge;
import dev.leasehold.core.lease.EvidenceStatement;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.Tier;
import java.util.Optional;

/** How an enclave came to its first grant: challenged, appraised, under a key of its own. */
final class Admissions {
  private final Story story;

  Admissions(Story story) {
    this.story = story;
  }

  void challenge(Statement<Challenge> s) {
    InstanceStory i = story.instance(s.body().leaseId(), s.body().instanceId());
    if (i.grant == null) {
      i.challenge = s;
    }
  }

  void evidence(Statement<EvidenceStatement> s) {
    story.instance(s.body().leaseId(), s.body().instanceId()).shows(s);
  }

  void appraisal(Statement<AppraisalStatement> s) {
    AppraisalStatement a = s.body();
    InstanceStory i = story.instance(a.leaseId(), a.instanceId());
    i.appraisal = s;
    measurement(i, s);
    if (story.scope == Scope.LOG) {
      platform(i, s);
    }
  }

  private void measurement(InstanceStory i, Statement<AppraisalStatement> s) {
    AppraisalStatement a = s.body();
    Measurements set = story.setVersions.get(a.measurements());
    if (set == null) {
      story.missing(i.subject, "the appraisal's measurement set", a.measurements(), s.hash());
      return;
    }
    story.findings.require(
        set.entries().stream()
            .anyMatch(e -> e.tee() == a.tee() && e.measurement().equals(a.measurement())),
        Rule.APPRAISAL_MEASUREMENT,
        i.subject,
        "one of " + set.entries().stream().map(e -> e.tee() + " " + e.measurement()).toList(),
        a.tee() + " " + a.measurement(),
        s.hash(),
        a.measurements());
  }

  /** A relay may hold an older list than the one the custodian judged by; a log may not. */
  private void platform(InstanceStory i, Statement<AppraisalStatement> s) {
    Optional<Lease> terms = story.terms(i);
    Optional<Statement<Borrower>> borrower = terms.map(Lease::borrowerId).map(story.borrowers::get);
    if (borrower.isEmpty()) {
      return;
    }
    AppraisalStatement a = s.body();
    Tier worst = terms.get().minTier();
    story.findings.require(
        a.tier().atLeast(worst)
            && borrower
                .get()
                .body()
                .platforms()
                .contains(new Borrower.Platform(a.platformId(), a.tier())),
        Rule.APPRAISAL_PLATFORM,
        i.subject,
        "a listed machine of tier " + worst + " or better",
        a.platformId() + " of tier " + a.tier(),
        s.hash(),
        borrower.get().hash());
  }

  /** Grant 0: admitted on what was appraised, under a key nobody else has. */
  void grantZero(InstanceStory i, Statement<Grant> s) {
    Grant g = s.body();
    Statement<AppraisalStatement> appraisal = i.appraisal;
    if (appraisal == null) {
      story.missing(i.subject, "an appraisal before grant 0", "none", s.hash());
    } else {
      AppraisalStatement a = appraisal.body();
      story.findings.require(
          a.verdict() == AppraisalStatement.Verdict.AFFIRMING
              && a.evidence().equals(g.hb())
              && a.ik().equals(g.ik()),
          Rule.APPRAISED,
          i.subject,
          "affirming of evidence " + g.hb() + " under key " + g.ik(),
          a.verdict() + " of evidence " + a.evidence() + " under key " + a.ik(),
          appraisal.hash(),
          s.hash());
    }
    Id owner = story.keys.putIfAbsent(g.ik(), i.id);
    story.findings.require(
        owner == null || owner.equals(i.id),
        Rule.KEY_REUSED,
        i.subject,
        "a key of its own",
        "the key of instance " + owner,
        s.hash());
  }
}
