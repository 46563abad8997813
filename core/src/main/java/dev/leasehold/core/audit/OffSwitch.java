package dev.leasehold.core.audit;

import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import java.util.OptionalLong;

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
    raised(lease, i, s, state);
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

  private void raised(LeaseStory lease, InstanceStory i, Statement<Grant> s, LeaseState state) {
    boolean gives = s.body().seq() == 0 || !s.body().allow().atMost(i.allow());
    if (gives && state != LeaseState.ACTIVE) {
      contradicts(
          Rule.RAISED_AFTER_STOP,
          lease,
          i,
          s,
          state,
          "nothing given while " + state,
          s.body().allow() + " after " + i.allow());
    }
  }

  private void mode(LeaseStory lease, InstanceStory i, Statement<Grant> s, LeaseState state) {
    Grant g = s.body();
    long first = i.first == null ? g.cseq() : i.first.body().cseq();
    Mode expected = state.grantMode(() -> lease.isDraining(i.id, first, g.cseq()));
    if (expected != g.mode()) {
      contradicts(Rule.GRANT_MODE, lease, i, s, state, "mode " + expected, "mode " + g.mode());
    }
  }

  /**
   * A grant that no known command explains. One that is not here may: a relay hears nothing of what
   * is ordered while it has no enclave. Nothing explains a grant after the end of a lease.
   */
  private void contradicts(
      Rule rule,
      LeaseStory lease,
      InstanceStory i,
      Statement<Grant> s,
      LeaseState state,
      String expected,
      String found) {
    OptionalLong unknown =
        state.isTerminal() ? OptionalLong.empty() : lease.unknown(i.id, s.body().cseq());
    if (unknown.isPresent()) {
      story.missing(
          i.subject,
          "command " + unknown.getAsLong() + ", without which " + expected,
          found,
          s.hash());
    } else {
      story.findings.add(rule, i.subject, expected, found, s.hash());
    }
  }
}
