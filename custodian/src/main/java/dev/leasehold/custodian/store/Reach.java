package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How far a step reaches: the leases whose books, instances or commands it may write, named before
 * it runs, because a lease's row is the lock of everything under it and rows are locked in one
 * order (protocol §8.2). Standing objects and machines are under no lease: who writes those takes
 * the whole ledger, so that nothing of the kind changes under a step.
 *
 * @param whole all leases there are and will be, and what is under none
 */
public record Reach(boolean whole, SortedSet<Id> leases) {
  /** New rows that only constraints keep apart. */
  public static final Reach NO_LEASE = new Reach(false, new TreeSet<>());

  /** Excludes every other step, on every replica. */
  public static final Reach WHOLE_LEDGER = new Reach(true, new TreeSet<>());

  public static Reach of(Id lease) {
    return of(List.of(lease));
  }

  public static Reach of(Collection<Id> leases) {
    return new Reach(false, new TreeSet<>(leases));
  }

  static Reach union(Collection<Reach> all) {
    List<Id> leases = new ArrayList<>();
    all.forEach(r -> leases.addAll(r.leases));
    return new Reach(all.stream().anyMatch(Reach::whole), new TreeSet<>(leases));
  }

  /**
   * Called before anything under a lease is written.
   *
   * @throws OutOfReach when the lease is not held; the writer then runs the step again with all
   */
  void require(Id lease) {
    if (!whole && !leases.contains(lease)) {
      throw new OutOfReach("lease " + lease + " is not one of " + leases);
    }
  }

  /** Called before anything is read or written that no lease's row is the lock of. */
  void requireWhole() {
    if (!whole) {
      throw new OutOfReach("the whole ledger is needed, " + leases + " is held");
    }
  }

  /** A step turned out to reach further than it said. */
  static final class OutOfReach extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    OutOfReach(String message) {
      super(message);
    }
  }
}
