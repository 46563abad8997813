package dev.leasehold.custodian.revoke;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Ledger;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Target;
import dev.leasehold.custodian.ledger.Stops;
import dev.leasehold.custodian.problem.ProblemType;
import dev.leasehold.custodian.problem.Rejected;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Tx;
import java.util.Optional;

/** What approvers alone may order: it lets something go on, or takes something off the books. */
public final class Starts {
  private final Commands commands;
  private final Stops stops;

  public Starts(Commands commands, Stops stops) {
    this.commands = commands;
    this.stops = stops;
  }

  LeaseRow carryOut(Tx tx, Signed<Order> order) throws Rejected {
    LeaseRow lease = stops.pass(tx, tx.leases().get(order.body().leaseId()));
    return switch (order.body().action()) {
      case RECALL -> recall(tx, lease, order);
      case RESUME -> resume(tx, lease, order);
      case ACTIVATE -> activate(tx, lease);
      default -> throw new IllegalArgumentException("not a start: " + order.body().action());
    };
  }

  /** Everything re-attests: under another policy, or because somebody wants to know. */
  private LeaseRow recall(Tx tx, LeaseRow lease, Signed<Order> order) throws Rejected {
    if (!lease.isActive()) {
      requireState(lease, LeaseState.SUSPENDED);
    }
    LeaseRow next = lease.withEpoch(lease.epoch() + 1);
    return tx.leases()
        .save(
            commands.issue(
                tx,
                next,
                Target.ALL,
                Command.Type.RECALL,
                order.body().reason(),
                Optional.of(order)));
  }

  /** Signed for exactly this suspension: nothing may have happened since the signer looked. */
  private LeaseRow resume(Tx tx, LeaseRow lease, Signed<Order> order) throws Rejected {
    requireSeen("leaseVer", lease.version(), order.body().leaseVer());
    requireSeen("afterCseq", lease.cseq(), order.body().afterCseq());
    requireState(lease, LeaseState.SUSPENDED);
    return tx.leases()
        .save(
            commands.issue(
                tx,
                lease.with(LeaseState.ACTIVE),
                Target.ALL,
                Command.Type.RESUME,
                order.body().reason(),
                Optional.of(order)));
  }

  private static LeaseRow activate(Tx tx, LeaseRow lease) throws Rejected {
    requireState(lease, LeaseState.DRAFT);
    return tx.leases().save(lease.with(LeaseState.ACTIVE));
  }

  /** Counts as used what may still be consumed; shown as residual for ever. */
  LeaseRow writeOff(Tx tx, Order order) throws Rejected {
    InstanceRow instance = instance(tx, order);
    if (instance.state() != InstanceState.FENCED) {
      throw new Rejected(
          ProblemType.CONFLICT,
          "state of the instance: expected FENCED, found " + instance.state());
    }
    LeaseRow lease = tx.leases().get(order.leaseId());
    Ledger.Step step = lease.ledger().writeOff(instance.account());
    tx.instances().save(instance.with(InstanceState.WRITTEN_OFF));
    return stops.settle(tx, tx.leases().save(lease.with(step.ledger())));
  }

  private static InstanceRow instance(Tx tx, Order order) throws Rejected {
    if (order.instanceId().equals(Target.ALL)) {
      throw new Rejected(ProblemType.MALFORMED, "order.instanceId: expected one instance, found *");
    }
    Id id = new Id(order.instanceId().spelling());
    return tx.instances()
        .find(id)
        .filter(i -> i.leaseId().equals(order.leaseId()))
        .orElseThrow(() ->
            new Rejected(
                ProblemType.CONFLICT,
                "order.instanceId: expected an instance of the lease, found " + id));
  }

  private static void requireState(LeaseRow lease, LeaseState expected) throws Rejected {
    if (lease.state() != expected) {
      throw new Rejected(
          ProblemType.CONFLICT,
          "state of the lease: expected " + expected + ", found " + lease.state());
    }
  }

  private static void requireSeen(String field, long now, long signed) throws Rejected {
    if (now != signed) {
      throw new Rejected(
          ProblemType.FORBIDDEN,
          "order."
              + field
              + ": expected "
              + now
              + ", found "
              + signed
              + "; look again and sign anew");
    }
  }
}
