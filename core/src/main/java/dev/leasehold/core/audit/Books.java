package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/**
 * The custodian's ledger of one lease, from what it signed. A log is in the ledger's own order.
 * What passed a relay is put in the order of the times the custodian signed, for answers to several
 * enclaves may overtake each other on the way.
 */
final class Books {
  /** One step of the ledger, at a time the custodian signed. */
  sealed interface Posting {
    long at();

    Hash statement();

    record Terms(long at, Hash statement, Vec budget, Vec exposureMax) implements Posting {}

    record Granted(long at, Hash statement, Id instance, Vec allow, Vec used) implements Posting {}

    record Closed(long at, Hash statement, Id instance, Vec used) implements Posting {}

    record WrittenOff(long at, Hash statement, Id instance) implements Posting {}

    record Revoked(long at, Hash statement, long cseq) implements Posting {}

    /** From here on the custodian may have had a message that it never answered to this relay. */
    record Unanswered(long at, Hash statement, Id instance, Vec used) implements Posting {}

    /** From here on the custodian may have given back what this final left. */
    record Finished(long at, Hash statement, Id instance, Vec used) implements Posting {}

    /** The last that a relay heard: from here on, for all it knows, it may be written off. */
    record LastHeard(long at, Hash statement, Id instance) implements Posting {}
  }

  private final Id lease;
  private final Scope scope;
  private final Replay inOrder;
  private final List<Posting> unordered = new ArrayList<>();
  private final Map<Id, Long> newest = new HashMap<>();

  Books(Id lease, Scope scope) {
    this.lease = lease;
    this.scope = scope;
    this.inOrder = new Replay(lease);
  }

  /** Until a relay has a newer version the custodian may have acted on it: the widest counts. */
  void terms(Statement<Lease> s) {
    Vec budget = s.body().budget();
    Vec cap = s.body().exposureMax();
    for (Posting p : unordered) {
      if (p instanceof Posting.Terms t) {
        budget = budget.max(t.budget);
        cap = cap.max(t.exposureMax);
      }
    }
    unordered.removeIf(Posting.Terms.class::isInstance);
    post(new Posting.Terms(0, s.hash(), budget, cap));
  }

  void granted(Statement<Grant> s) {
    Grant g = s.body();
    post(
        new Posting.Granted(
            after(g.instanceId(), g.issuedAt()), s.hash(), g.instanceId(), g.allow(), g.used()));
  }

  /** A heartbeat that no grant answered before the end; its use may have been counted already. */
  void unanswered(Id instance, Statement<Heartbeat> s) {
    post(new Posting.Unanswered(after(instance, 0), s.hash(), instance, s.body().used()));
  }

  /** A final: its closure may never reach the relay. In a log the two are one step. */
  void finished(Id instance, Statement<Final> s) {
    if (scope == Scope.RELAY) {
      post(new Posting.Finished(after(instance, 0), s.hash(), instance, s.body().used()));
    }
  }

  void closed(Id instance, Statement<Closure> s) {
    post(
        new Posting.Closed(
            after(instance, s.body().issuedAt()), s.hash(), instance, s.body().used()));
  }

  void writtenOff(Id instance, Hash order, long at) {
    post(new Posting.WrittenOff(at, order, instance));
  }

  void revoked(Statement<Command> s) {
    post(new Posting.Revoked(s.body().issuedAt(), s.hash(), s.body().cseq()));
  }

  /** Of one instance the chain tells the order, whatever clocks say. */
  private long after(Id instance, long at) {
    return newest.merge(instance, at, Math::max);
  }

  /** The books as they stand. */
  Replay replay() {
    if (scope == Scope.LOG) {
      return inOrder;
    }
    Replay replay = new Replay(lease);
    Stream.concat(unordered.stream(), lastHeard())
        .sorted(Comparator.comparingLong(Posting::at))
        .forEach(replay::apply);
    return replay;
  }

  /**
   * Relays do not see write-offs; an instance that is heard of later was not written off before.
   */
  private Stream<Posting> lastHeard() {
    Map<Id, Posting.LastHeard> last = new HashMap<>();
    for (Posting p : unordered) {
      switch (p) {
        case Posting.Granted g -> heard(last, g, g.instance);
        case Posting.Closed c -> heard(last, c, c.instance);
        default -> {}
      }
    }
    return last.values().stream().map(Posting.class::cast);
  }

  private static void heard(Map<Id, Posting.LastHeard> last, Posting p, Id instance) {
    last.merge(
        instance,
        new Posting.LastHeard(p.at() + 1, p.statement(), instance),
        BinaryOperator.maxBy(Comparator.comparingLong(Posting::at)));
  }

  private void post(Posting p) {
    if (scope == Scope.LOG) {
      inOrder.apply(p);
    } else {
      unordered.add(p);
    }
  }
}
