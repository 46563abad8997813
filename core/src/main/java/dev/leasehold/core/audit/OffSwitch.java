package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.guard.Mode;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stopping and starting. Every grant carries the cseq of the newest command at its time, so each is
 * either before or after a stop by the custodian's own signature, whatever order it is shown in.
 */
final class OffSwitch {
  private final Story story;

  OffSwitch(Story story) {
    this.story = story;
  }

  void command(Statement<Command> s) {
    Command c = s.body();
    LeaseStory lease = story.lease(c.leaseId());
    Statement<Command> same = lease.commands.get(c.cseq());
    if (same != null) {
      story.findings.equal(
          Rule.COMMAND_TWICE, lease.subject, same.hash(), s.hash(), same.hash(), s.hash());
      return;
    }
    Map.Entry<Long, Statement<Command>> before = lease.commands.lowerEntry(c.cseq());
    long known = before == null ? 0 : before.getKey();
    if (story.scope == Scope.LOG && c.cseq() != known + 1) {
      story.missing(lease.subject, "the command " + (known + 1), "cseq " + c.cseq(), s.hash());
    }
    if (c.cseq() == known + 1) {
      epoch(lease, before == null ? null : before.getValue(), s);
    }
    afterRevoke(lease, s);
    order(lease, s);
    lease.commands.put(c.cseq(), s);
    if (c.type() == Command.Type.REVOKE && c.instanceId().equals(Target.ALL)) {
      lease.books.revoked(s);
    }
  }

  private void epoch(LeaseStory lease, @Nullable Statement<Command> before, Statement<Command> s) {
    long was = before == null ? 1 : before.body().epoch();
    story.findings.equal(
        Rule.COMMAND_EPOCH,
        lease.subject,
        s.body().type() == Command.Type.RECALL ? was + 1 : was,
        s.body().epoch(),
        s.hash());
  }

  private void afterRevoke(LeaseStory lease, Statement<Command> s) {
    switch (s.body().type()) {
      case RESUME, RECALL, DRAIN ->
          lease.commands.headMap(s.body().cseq()).values().stream()
              .filter(c -> c.body().type() == Command.Type.REVOKE)
              .filter(c -> c.body().instanceId().equals(Target.ALL))
              .findFirst()
              .ifPresent(c ->
                  story.findings.add(
                      Rule.AFTER_REVOKE,
                      lease.subject,
                      "nothing after REVOKE " + c.body().cseq(),
                      s.body().type() + " " + s.body().cseq(),
                      c.hash(),
                      s.hash()));
      case SUSPEND, REVOKE, ROTATE -> {}
    }
  }

  /** The custodian may stop by itself; to start something it needs people. */
  private void order(LeaseStory lease, Statement<Command> s) {
    Command c = s.body();
    if (c.order().isEmpty()) {
      boolean ownStop =
          switch (c.type()) {
            case SUSPEND, REVOKE, ROTATE -> true;
            case RESUME, RECALL, DRAIN -> false;
          };
      story.findings.require(
          ownStop, Rule.COMMAND_ORDER, lease.subject, "an order", c.type() + " without", s.hash());
      return;
    }
    Hash hash = c.order().get();
    Order order = story.orders.get(hash);
    if (order == null) {
      story.missing(lease.subject, "the order of " + c.type() + " " + c.cseq(), hash, s.hash());
      return;
    }
    boolean fits =
        order.leaseId().equals(c.leaseId())
            && (order.action() == Order.Action.QUARANTINE
                ? c.type() == Command.Type.REVOKE
                : order.action().name().equals(c.type().name())
                    && order.instanceId().equals(c.instanceId()));
    story.findings.require(
        fits,
        Rule.COMMAND_ORDER,
        lease.subject,
        "an order to " + c.type() + " " + c.instanceId() + " of this lease",
        order.action() + " " + order.instanceId() + " of lease " + order.leaseId(),
        hash,
        s.hash());
    if (c.type() == Command.Type.RESUME) {
      resume(lease, s, hash, order);
    }
  }

  /** Signed for exactly this suspension. Which lease version was current only a log tells. */
  private void resume(LeaseStory lease, Statement<Command> s, Hash hash, Order order) {
    Command c = s.body();
    long version =
        story.scope == Scope.LOG && lease.terms != null
            ? lease.terms.body().version()
            : order.leaseVer();
    story.findings.require(
        order.afterCseq() == c.cseq() - 1
            && order.leaseVer() == version
            && c.issuedAt() < order.expiresAt(),
        Rule.RESUME_ORDER,
        lease.subject,
        "afterCseq " + (c.cseq() - 1) + ", leaseVer " + version + ", expiry after " + c.issuedAt(),
        "afterCseq "
            + order.afterCseq()
            + ", leaseVer "
            + order.leaseVer()
            + ", expiry "
            + order.expiresAt(),
        hash,
        s.hash());
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
    Mode expected =
        switch (state) {
          case REVOKED, EXPIRED, SETTLED -> Mode.STOP;
          case SUSPENDED, DRAFT -> Mode.HOLD;
          case ACTIVE -> {
            long first = i.first == null ? g.cseq() : i.first.body().cseq();
            yield lease.isDraining(i.id, first, g.cseq()) ? Mode.DRAIN : Mode.RUN;
          }
        };
    story.findings.equal(Rule.GRANT_MODE, i.subject, expected, g.mode(), s.hash());
  }
}
