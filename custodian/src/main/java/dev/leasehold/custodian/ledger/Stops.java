package dev.leasehold.custodian.ledger;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.custodian.revoke.Commands;
import dev.leasehold.custodian.store.InstanceRow;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Tx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;

/** Everything that reduces what can happen, whether people order it or the custodian sees cause. */
public final class Stops {
  private final Commands commands;
  private final Freeze freeze;
  private final ToLongFunction<Id> anchored;

  /**
   * When the one of a lease's ACTIVE instances that was silent longest was heard, at the least: no
   * index tells, because every heartbeat would have to move in it.
   */
  private final Map<Id, Long> heard = new ConcurrentHashMap<>();

  /**
   * Stops that work on a frozen node too.
   *
   * @param anchored the newest ledger version that the anchor remembers of a lease
   */
  public Stops(Commands commands, Freeze freeze, ToLongFunction<Id> anchored) {
    this.commands = commands;
    this.freeze = freeze;
    this.anchored = anchored;
  }

  /** ACTIVE becomes SUSPENDED; a suspended lease is told again, which outdates older resumes. */
  public LeaseRow suspend(Tx tx, Id leaseId, String reason, Optional<Signed<Order>> order) {
    LeaseRow lease = tx.leases().get(leaseId);
    if (lease.state().isTerminal() || lease.state() == LeaseState.DRAFT) {
      return lease;
    }
    if (lease.isActive()) {
      lease = lease.with(LeaseState.SUSPENDED);
    }
    return save(tx, commands.issue(tx, lease, Target.ALL, Command.Type.SUSPEND, reason, order));
  }

  /** Irrevocable. What was promised and not proven used at this moment is X (protocol §3). */
  public LeaseRow revoke(Tx tx, Id leaseId, String reason, Signed<Order> order) {
    LeaseRow lease = tx.leases().get(leaseId);
    if (lease.state().isTerminal()) {
      return freeze.concerns(tx, leaseId) ? acknowledged(tx, lease) : lease;
    }
    LeaseRow revoked =
        commands.issue(
            tx,
            lease.with(LeaseState.REVOKED),
            Target.ALL,
            Command.Type.REVOKE,
            reason,
            Optional.of(order));
    return acknowledged(tx, revoked);
  }

  /** What its books say of a lease that went back is above what was ever answered, and unknown. */
  private LeaseRow acknowledged(Tx tx, LeaseRow lease) {
    LeaseRow settled = settle(tx, save(tx, lease));
    freeze.revoked(tx, lease.leaseId());
    return settled;
  }

  /** No new work; what runs is finished, then a final. */
  public LeaseRow drain(Tx tx, Id leaseId, Target target, String reason, Signed<Order> order) {
    LeaseRow lease = tx.leases().get(leaseId);
    if (lease.state().isTerminal()) {
      return lease;
    }
    return save(
        tx, commands.issue(tx, lease, target, Command.Type.DRAIN, reason, Optional.of(order)));
  }

  /** The machine gets nothing more under any lease, and what runs on it is stopped and fenced. */
  public void quarantine(Tx tx, String platform, String reason, Optional<Signed<Order>> order) {
    tx.requireWholeLedger();
    tx.platforms().quarantine(platform);
    for (InstanceRow i : tx.instances().activeOn(platform)) {
      fence(tx, i);
      LeaseRow lease = tx.leases().get(i.leaseId());
      save(
          tx,
          commands.issue(
              tx,
              lease,
              Target.of(i.instanceId()),
              Command.Type.REVOKE,
              reason,
              order.filter(o -> o.body().leaseId().equals(i.leaseId()))));
    }
  }

  /** One way: the slot is free again, what was promised is not. */
  public void fence(Tx tx, InstanceRow instance) {
    tx.instances().save(instance.with(InstanceState.FENCED));
  }

  /** What time alone does to a lease and its enclaves (protocol §8.1). */
  public LeaseRow pass(Tx tx, LeaseRow lease) {
    Lease terms = terms(tx, lease);
    silent(tx, lease, terms).forEach(i -> fence(tx, i));
    return expire(tx, lease, terms);
  }

  /** Leases that {@link #pass} or {@link #settle} would change; of a reader that sees commits. */
  List<Id> due(Tx tx) {
    return tx.leases().all().stream()
        .filter(l -> isOver(tx, l, terms(tx, l)) || isSettled(tx, l) || isSilent(tx, l))
        .map(LeaseRow::leaseId)
        .toList();
  }

  private boolean isSilent(Tx tx, LeaseRow lease) {
    Id id = lease.leaseId();
    long since = heardSince(terms(tx, lease), tx.now());
    if (allHeardSince(id, since)) {
      return false;
    }
    boolean silent = !tx.instances().lastSeenBefore(id, since).isEmpty();
    if (!silent) {
      heard.put(id, tx.instances().earliestSeen(id).orElse(tx.now()));
    }
    return silent;
  }

  private List<InstanceRow> silent(Tx tx, LeaseRow lease, Lease terms) {
    long since = heardSince(terms, tx.now());
    return allHeardSince(lease.leaseId(), since)
        ? List.of()
        : tx.instances().lastSeenBefore(lease.leaseId(), since);
  }

  private boolean allHeardSince(Id lease, long since) {
    return heard.getOrDefault(lease, Long.MIN_VALUE) >= since;
  }

  /** EXPIRED once {@code notAfter} has passed. */
  public LeaseRow expire(Tx tx, LeaseRow lease, Lease terms) {
    return isOver(tx, lease, terms) ? settle(tx, save(tx, lease.with(LeaseState.EXPIRED))) : lease;
  }

  private static boolean isOver(Tx tx, LeaseRow lease, Lease terms) {
    return !lease.state().isTerminal() && tx.now() >= terms.notAfter();
  }

  /** SETTLED once a stopped lease has no unresolved instance. */
  public LeaseRow settle(Tx tx, LeaseRow lease) {
    return isSettled(tx, lease) ? save(tx, lease.with(LeaseState.SETTLED)) : lease;
  }

  private static boolean isSettled(Tx tx, LeaseRow lease) {
    boolean stopped = lease.state() == LeaseState.REVOKED || lease.state() == LeaseState.EXPIRED;
    return stopped && unresolved(tx, lease.leaseId()).isEmpty();
  }

  /** A frozen node's ledger may have gone back: its stops are written above what was answered. */
  private LeaseRow save(Tx tx, LeaseRow lease) {
    return freeze.reason(tx).isPresent()
        ? tx.leases().saveAbove(lease, anchored.applyAsLong(lease.leaseId()))
        : tx.leases().save(lease);
  }

  public static boolean isSilent(InstanceRow instance, Lease terms, long now) {
    return instance.lastSeenAt() < heardSince(terms, now);
  }

  /** Who was not heard since then is silent. */
  private static long heardSince(Lease terms, long now) {
    return now - terms.ttlMs() - terms.graceMs();
  }

  public static Lease terms(Tx tx, LeaseRow lease) {
    return tx.envelopes().body(Statements.LEASE, Lease.class, lease.envelope());
  }

  /** Instances that may still consume what they were promised. */
  public static List<Id> unresolved(Tx tx, Id lease) {
    return tx.instances().unresolved(lease).stream().map(InstanceRow::instanceId).toList();
  }
}
