package dev.leasehold.core.audit;

import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;

/**
 * What a grant may say after the commands that it knows. Each carries the cseq of the newest one at
 * its time, so it is either before or after a stop by the custodian's own signature, whatever order
 * it is shown in.
 */
final class OffSwitch {
  private final Story story;

  OffSwitch(Story story) {
    this.story = story;
  }

  void grant(InstanceStory i, Statement<Grant> s) {
    LeaseStory lease = story.leaseOf(i);
    newestCommand(lease, i, s);
    epoch(lease, i, s);
    LeaseState state = state(lease, i, s.body());
    raised(i, s, state);
    mode(lease, i, s, state);
  }

  private void newestCommand(LeaseStory lease, InstanceStory i, Statement<Grant> s) {
    Grant g = s.body();
    lease.commands.tailMap(g.cseq(), false).values().stream()
        .filter(c -> story.scope == Scope.LOG || c.body().issuedAt() < g.issuedAt())
        .findFirst()
        .ifPresent(c ->
            story.findings.add(
                Rule.GRANT_CSEQ,
                i.subject,
                "cseq " + c.body().cseq() + " or more",
                "cseq " + g.cseq(),
                c.hash(),
                s.hash()));
  }

  private void epoch(LeaseStory lease, InstanceStory i, Statement<Grant> s) {
    Grant g = s.body();
    Statement<Command> newest = lease.commands.get(g.cseq());
    if (newest != null || g.cseq() == 0) {
      story.findings.equal(
          Rule.GRANT_EPOCH,
          i.subject,
          newest == null ? 1L : newest.body().epoch(),
          g.epoch(),
          s.hash());
    }
  }

  private static LeaseState state(LeaseStory lease, InstanceStory i, Grant g) {
    LeaseState state = lease.stateFor(i.id, g.cseq());
    Statement<Lease> terms = lease.terms;
    boolean over = terms != null && g.issuedAt() >= terms.body().notAfter();
    return over && !state.isTerminal() ? LeaseState.EXPIRED : state;
  }

  private void raised(InstanceStory i, Statement<Grant> s, LeaseState state) {
    boolean gives = s.body().seq() == 0 || !s.body().allow().atMost(i.allow());
    story.findings.require(
        !gives || state == LeaseState.ACTIVE,
        Rule.RAISED_AFTER_STOP,
        i.subject,
        "nothing given while " + state,
        s.body().allow() + " after " + i.allow(),
        s.hash());
  }

  private void mode(LeaseStory lease, InstanceStory i, Statement<Grant> s, LeaseState state) {
    Grant g = s.body();
    long first = i.first == null ? g.cseq() : i.first.body().cseq();
    Mode expected = state.grantMode(() -> lease.isDraining(i.id, first, g.cseq()));
    story.findings.equal(Rule.GRANT_MODE, i.subject, expected, g.mode(), s.hash());
  }
}
