package dev.leasehold.core.audit;

import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Vec;
import java.util.Optional;

/** What a single grant may say under the approvers' lease (protocol §6.3 step 4). */
final class Ceilings {
  private final Story story;

  Ceilings(Story story) {
    this.story = story;
  }

  void grant(InstanceStory i, Statement<Grant> s) {
    Grant g = s.body();
    Vec before = i.allow();
    story.findings.require(
        before.atMost(g.allow()),
        Rule.ALLOW_LOWERED,
        i.subject,
        "at least " + before,
        g.allow(),
        s.hash());
    Optional<Lease> known = story.terms(i);
    if (known.isEmpty()) {
      story.missing(i.subject, "the lease", i.leaseId, s.hash());
      return;
    }
    Lease lease = known.get();
    Vec most = lease.mostAllowed(g.used(), before);
    story.findings.require(
        g.allow().atMost(most),
        Rule.ALLOW_CEILING,
        i.subject,
        "at most " + most,
        g.allow(),
        s.hash());
    story.findings.require(
        g.ttlMs() <= lease.ttlMs(),
        Rule.GRANT_TTL,
        i.subject,
        "at most " + lease.ttlMs(),
        g.ttlMs(),
        s.hash());
    story.findings.require(
        g.allow().equals(before) || lease.validAt(g.issuedAt()),
        Rule.GRANT_VALIDITY,
        i.subject,
        lease.notBefore() + " to " + lease.notAfter(),
        g.issuedAt(),
        s.hash());
  }
}
