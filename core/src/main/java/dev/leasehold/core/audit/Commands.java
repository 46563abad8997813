package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a lease, numbered one by one: stops of the custodian's own, and what people have
 * ordered (protocol §6.4).
 */
final class Commands {
  private final Story story;

  Commands(Story story) {
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
            && order.action().command().equals(Optional.of(c.type()))
            && (order.action() == Order.Action.QUARANTINE
                || order.instanceId().equals(c.instanceId()));
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
}
