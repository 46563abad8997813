package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import dev.leasehold.core.lease.Vec;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The end of an enclave: its final and the closure, together the proof of cessation (§6.4). */
final class Cessations {
  private final Story story;

  Cessations(Story story) {
    this.story = story;
  }

  void end(InstanceStory i, Statement<Final> s) {
    Statement<Final> before = i.last;
    if (before != null) {
      story.findings.equal(
          rule(i, Rule.FINAL_CHAIN), i.subject, before.hash(), s.hash(), before.hash(), s.hash());
      return;
    }
    follows(i, s);
    used(i, s);
    i.last = s;
    story.leaseOf(i).books.finished(i.id, s);
    i.finalVerified = i.key().isPresent();
  }

  /** Where the enclave's key is not at hand, the custodian answers for the finals it took. */
  private static Rule rule(InstanceStory i, Rule ofTheEnclave) {
    return i.key().isPresent() ? ofTheEnclave : Rule.FINAL_TAKEN;
  }

  /** One unanswered heartbeat may lie between: a relay has it, a log has not. */
  private void follows(InstanceStory i, Statement<Final> s) {
    Final f = s.body();
    long next = i.newestSeq() + 1;
    boolean unseen = story.scope == Scope.LOG && f.seq() == next + 1;
    boolean chained = f.seq() == next && f.prev().equals(i.chainEnd().orElse(f.prev()));
    story.findings.require(
        (chained || unseen) && acceptable(i).contains(f.ack()),
        rule(i, Rule.FINAL_CHAIN),
        i.subject,
        "seq "
            + next
            + " after "
            + i.chainEnd().map(Hash::hex).orElse("nothing")
            + ", ack one of "
            + acceptable(i),
        "seq " + f.seq() + " after " + f.prev() + ", ack " + f.ack(),
        s.hash());
  }

  /** One of the last two grants, or the evidence of an enclave that never took grant 0. */
  private static Set<Hash> acceptable(InstanceStory i) {
    Set<Hash> out = new HashSet<>();
    Stream.of(i.grant, i.previous)
        .filter(g -> g != null)
        .forEach((Statement<Grant> g) -> out.add(g.hash()));
    if (i.grant != null && i.grant.body().seq() == 0) {
      out.add(i.grant.body().hb());
    }
    if (i.grant == null) {
      out.addAll(i.shown());
    }
    return out;
  }

  private void used(InstanceStory i, Statement<Final> s) {
    Vec least = i.heartbeat == null ? i.used() : i.heartbeat.body().used();
    story.findings.require(
        least.atMost(s.body().used()) && s.body().used().atMost(i.allow()),
        rule(i, Rule.FINAL_USED),
        i.subject,
        least + " to " + i.allow(),
        s.body().used(),
        s.hash());
  }

  void closure(InstanceStory i, Statement<Closure> s) {
    if (i.writtenOff) {
      story.findings.add(
          Rule.AFTER_END, i.subject, "no closure after a write-off", "one", s.hash());
      return;
    }
    Statement<Closure> before = i.closure;
    if (before != null) {
      story.findings.equal(
          Rule.CLOSURE_TWICE, i.subject, before.hash(), s.hash(), before.hash(), s.hash());
      return;
    }
    answers(i, s);
    refund(i, s);
    i.closure = s;
    Books books = story.leaseOf(i).books;
    if (i.heartbeat != null && i.heartbeat.body().seq() > i.grantedSeq()) {
      books.unanswered(i.id, i.heartbeat);
    }
    books.closed(i.id, s);
  }

  private void answers(InstanceStory i, Statement<Closure> s) {
    Closure c = s.body();
    Statement<Final> last = i.last;
    if (last == null) {
      story.missing(i.subject, "the final of the closure", c.finalHash(), s.hash());
      return;
    }
    story.findings.require(
        c.finalHash().equals(last.hash()) && c.used().equals(last.body().used()),
        Rule.CLOSURE_FINAL,
        i.subject,
        "final " + last.hash() + " with " + last.body().used(),
        "final " + c.finalHash() + " with " + c.used(),
        last.hash(),
        s.hash());
  }

  /** The answer to the last heartbeat may be lost on its way: then more comes back, not less. */
  private void refund(InstanceStory i, Statement<Closure> s) {
    Closure c = s.body();
    Statement<Grant> grant = i.grant;
    Vec least = grant == null ? Vec.ZERO : grant.body().allow().minusOrZero(c.used());
    boolean answerLost = grant == null || i.newestSeq() > grant.body().seq();
    if (answerLost && !c.refund().equals(least) && least.atMost(c.refund())) {
      story.missing(
          i.subject, "the grant with seq " + i.newestSeq(), "refund " + c.refund(), s.hash());
      return;
    }
    story.findings.equal(
        Rule.CLOSURE_REFUND,
        i.subject,
        least,
        c.refund(),
        grant == null ? s.hash() : grant.hash(),
        s.hash());
  }

  /** Only a log shows write-offs: they are orders that enclaves and relays never see. */
  void writeOff(Statement<Order> s) {
    Order order = s.body();
    Optional<InstanceStory> open =
        story.lease(order.leaseId()).instances.values().stream()
            .filter(i -> order.instanceId().equals(Target.of(i.id)))
            .filter(InstanceStory::isUnresolved)
            .findFirst();
    if (open.isEmpty()) {
      story.findings.add(
          Rule.WRITE_OFF,
          Findings.Subject.lease(order.leaseId()),
          "an unresolved instance of the lease",
          order.instanceId(),
          s.hash());
      return;
    }
    open.get().writtenOff = true;
    story.lease(order.leaseId()).books.writtenOff(open.get().id, s.hash(), story.time);
  }
}
