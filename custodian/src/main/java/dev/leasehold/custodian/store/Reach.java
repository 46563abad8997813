package dev.leasehold.custodian.store;

import dev.leasehold.core.bytes.Id;
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
 * @param instances that the step will read, so that those of many steps are read together
 */
public record Reach(boolean whole, SortedSet<Id> leases, SortedSet<Id> instances) {
  /** New rows that only constraints keep apart. */
  public static final Reach NO_LEASE = new Reach(false, new TreeSet<>(), new TreeSet<>());

  /** Excludes every other step, on every replica. */
  public static final Reach WHOLE_LEDGER = new Reach(true, new TreeSet<>(), new TreeSet<>());

  public static Reach of(Id lease) {
    return of(List.of(lease));
  }

  public static Reach of(Collection<Id> leases) {
    return new Reach(false, new TreeSet<>(leases), new TreeSet<>());
  }

  /** For what one instance of a lease sends. */
  public static Reach of(Id lease, Id instance) {
    return new Reach(false, new TreeSet<>(List.of(lease)), new TreeSet<>(List.of(instance)));
  }

  static Reach union(Collection<Reach> all) {
    SortedSet<Id> leases = new TreeSet<>();
    SortedSet<Id> instances = new TreeSet<>();
    all.forEach(r -> {
      leases.addAll(r.leases);
      instances.addAll(r.instances);
    });
    return new Reach(all.stream().anyMatch(Reach::whole), leases, instances);
  }

  /** True for a lease whose row nobody else can change meanwhile. */
  boolean has(Id lease) {
    return whole || leases.contains(lease);
  }

  /**
   * Called before anything under a lease is written.
   *
   * @throws OutOfReach when the lease is not held; the writer then runs the step again with all
   */
  void require(Id lease) {
    if (!has(lease)) {
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
