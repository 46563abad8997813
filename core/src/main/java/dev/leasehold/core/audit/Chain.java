package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Vec;

/** The chain HB₁ G₁ HB₂ G₂ … of one instance, signed alternately (protocol §6.3, §10). */
final class Chain {
  private final Story story;

  Chain(Story story) {
    this.story = story;
  }

  /** Judges a grant; false when it does not belong into the chain at all: the first one stands. */
  boolean grant(InstanceStory i, Statement<Grant> s) {
    Grant g = s.body();
    if (isLate(i, g)) {
      return false;
    }
    if (i.closure != null || i.writtenOff) {
      story.findings.add(
          Rule.AFTER_END, i.subject, "no grant", "a grant with seq " + g.seq(), s.hash());
      return false;
    }
    Statement<Grant> before = i.grant;
    if (before != null && g.seq() <= before.body().seq()) {
      story.findings.add(
          Rule.GRANT_TWICE,
          i.subject,
          "one grant for seq " + g.seq(),
          s.hash().equals(before.hash()) ? "the same one again" : "another one",
          before.hash(),
          s.hash());
      return false;
    }
    if (g.seq() == 0) {
      i.admitted(g.hb());
    }
    addressee(i, s);
    long next = before == null ? 0 : before.body().seq() + 1;
    if (g.seq() > next) {
      story.missing(i.subject, "the grant with seq " + next, "seq " + g.seq(), s.hash());
    } else {
      follows(i, s);
    }
    answers(i, s);
    return true;
  }

  /**
   * A message gets the same answer for all time, so a relay may carry one that was lost before only
   * when all is over. In a log everything of a lease is in its order.
   */
  private boolean isLate(InstanceStory i, Grant g) {
    return story.scope == Scope.RELAY
        && i.closure != null
        && g.issuedAt() <= i.closure.body().issuedAt()
        && (i.grant == null || g.seq() > i.grant.body().seq());
  }

  private void addressee(InstanceStory i, Statement<Grant> s) {
    Grant g = s.body();
    Hash key = i.keyid().orElse(g.ik());
    long incarnation = i.first == null ? g.incarnation() : i.first.body().incarnation();
    story.findings.require(
        g.leaseId().equals(i.leaseId) && g.ik().equals(key) && g.incarnation() == incarnation,
        Rule.GRANT_ADDRESSEE,
        i.subject,
        "lease " + i.leaseId + ", key " + key + ", incarnation " + incarnation,
        "lease " + g.leaseId() + ", key " + g.ik() + ", incarnation " + g.incarnation(),
        s.hash());
  }

  private void follows(InstanceStory i, Statement<Grant> s) {
    Grant g = s.body();
    Statement<Grant> before = i.grant;
    if (before != null) {
      story.findings.equal(
          Rule.GRANT_PREV, i.subject, before.hash(), g.prev(), before.hash(), s.hash());
    } else if (i.challenge != null) {
      story.findings.equal(
          Rule.GRANT_PREV, i.subject, i.challenge.hash(), g.prev(), i.challenge.hash(), s.hash());
    }
  }

  private void answers(InstanceStory i, Statement<Grant> s) {
    Grant g = s.body();
    Statement<Heartbeat> h = i.heartbeat;
    if (g.seq() == 0) {
      if (i.evidence != null) {
        story.findings.equal(
            Rule.GRANT_HB, i.subject, i.evidence.hash(), g.hb(), i.evidence.hash(), s.hash());
      }
      story.findings.equal(Rule.GRANT_USED, i.subject, Vec.ZERO, g.used(), s.hash());
    } else if (h != null && h.body().seq() == g.seq()) {
      story.findings.equal(Rule.GRANT_HB, i.subject, h.hash(), g.hb(), h.hash(), s.hash());
      story.findings.equal(
          Rule.GRANT_USED, i.subject, h.body().used(), g.used(), h.hash(), s.hash());
    } else if (story.scope == Scope.RELAY) {
      story.missing(i.subject, "the heartbeat with seq " + g.seq(), g.hb(), s.hash());
    }
    if (i.grant != null) {
      story.findings.require(
          i.grant.body().used().atMost(g.used()),
          Rule.GRANT_USED_LOWERED,
          i.subject,
          "at least " + i.grant.body().used(),
          g.used(),
          i.grant.hash(),
          s.hash());
    }
  }

  /** After a recall the unanswered heartbeat is built anew: same seq, new epoch (§6.3). */
  void heartbeat(InstanceStory i, Statement<Heartbeat> s) {
    Heartbeat h = s.body();
    Statement<Heartbeat> before = i.heartbeat;
    boolean rebuilt =
        before != null && h.seq() == before.body().seq() && h.epoch() > before.body().epoch();
    if (before != null && h.seq() <= before.body().seq() && !rebuilt) {
      story.findings.add(
          Rule.HEARTBEAT_TWICE,
          i.subject,
          "one heartbeat for seq " + h.seq() + " in epoch " + h.epoch(),
          s.hash().equals(before.hash()) ? "the same one again" : "another one",
          before.hash(),
          s.hash());
      return;
    }
    if (!rebuilt) {
      continues(i, s);
    }
    used(i, s);
    i.heartbeat = s;
  }

  private void continues(InstanceStory i, Statement<Heartbeat> s) {
    Heartbeat h = s.body();
    if (i.last != null) {
      story.findings.add(
          Rule.FINAL_CHAIN, i.subject, "nothing after a final", "seq " + h.seq(), s.hash());
    }
    if (h.seq() > i.newestSeq() + 1) {
      story.missing(i.subject, "the heartbeat with seq " + (i.newestSeq() + 1), h.seq(), s.hash());
      return;
    }
    Hash prev = i.chainEnd().orElse(h.prev());
    boolean newest = i.grant != null && h.ack().equals(i.grant.hash());
    story.findings.require(
        h.prev().equals(prev) && newest,
        Rule.HEARTBEAT_CHAIN,
        i.subject,
        "prev " + prev + ", ack " + (i.grant == null ? "none" : i.grant.hash()),
        "prev " + h.prev() + ", ack " + h.ack(),
        s.hash());
  }

  private void used(InstanceStory i, Statement<Heartbeat> s) {
    Vec used = s.body().used();
    Vec least = i.heartbeat == null ? Vec.ZERO : i.heartbeat.body().used();
    story.findings.require(
        least.atMost(used) && used.atMost(i.allow()),
        Rule.HEARTBEAT_USED,
        i.subject,
        least + " to " + i.allow(),
        used,
        s.hash());
  }
}
