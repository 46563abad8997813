package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Borrower;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Measurements;
import dev.leasehold.core.lease.ModelPackage;
import dev.leasehold.core.lease.Order;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** All that was said so far. Rules read it; the auditor alone adds to it. */
final class Story {
  final Scope scope;
  final Findings findings = new Findings();
  final Map<Id, LeaseStory> leases = new LinkedHashMap<>();
  final Map<Id, InstanceStory> instances = new HashMap<>();
  final Map<Hash, Id> keys = new HashMap<>();
  final Map<Id, Statement<Borrower>> borrowers = new HashMap<>();
  final Map<Id, Statement<Measurements>> sets = new HashMap<>();
  final Map<Hash, Measurements> setVersions = new HashMap<>();
  final Map<Hash, ModelPackage> packages = new HashMap<>();
  final Map<Hash, Order> orders = new HashMap<>();

  /** H of a message that the custodian refused under its signature, and the refusal's name. */
  final Map<Hash, String> refusals = new HashMap<>();

  /** The latest time the custodian has signed. */
  long time;

  Story(Scope scope) {
    this.scope = scope;
  }

  LeaseStory lease(Id id) {
    return leases.computeIfAbsent(id, i -> new LeaseStory(i, scope));
  }

  /** An instance belongs to the lease that it was first named with. */
  InstanceStory instance(Id lease, Id id) {
    return instances.computeIfAbsent(
        id,
        i -> {
          InstanceStory instance = new InstanceStory(i, lease);
          lease(lease).instances.put(i, instance);
          return instance;
        });
  }

  LeaseStory leaseOf(InstanceStory instance) {
    return lease(instance.leaseId);
  }

  Optional<Lease> terms(InstanceStory instance) {
    return Optional.ofNullable(leaseOf(instance).terms).map(Statement::body);
  }

  void signedAt(long issuedAt) {
    time = Math.max(time, issuedAt);
  }

  /** Something is named that is not here: in a log a fault, in what passed one relay a gap. */
  void missing(Findings.Subject about, String what, Object found, Hash... statements) {
    findings.add(scope == Scope.LOG ? Rule.LOG_GAP : Rule.MISSING, about, what, found, statements);
  }
}
