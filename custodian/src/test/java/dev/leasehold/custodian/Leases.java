package dev.leasehold.custodian;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import java.util.Optional;

/** Leases that differ from one in a single respect. */
final class Leases {
  private Leases() {}

  static Lease with(Lease l, Vec budget, Vec tranche, Vec exposureMax) {
    return copy(l, l.version(), l.supersedes(), budget, tranche, exposureMax, l.notAfter());
  }

  static Lease until(Lease l, long notAfter) {
    return copy(l, l.version(), l.supersedes(), l.budget(), l.tranche(), l.exposureMax(), notAfter);
  }

  static Lease next(Signed<Lease> before, Vec budget) {
    Lease l = before.body();
    return copy(
        l,
        l.version() + 1,
        Optional.of(before.hash()),
        budget,
        l.tranche(),
        l.exposureMax(),
        l.notAfter());
  }

  /** At most this many boots an hour and enclaves at once, on machines of this tier. */
  static Lease limits(Lease l, long boots, long active, Tier tier) {
    return new Lease(
        l.leaseId(),
        l.version(),
        l.supersedes(),
        l.borrowerId(),
        l.modelPackage(),
        l.measurementSet(),
        l.purpose(),
        l.budget(),
        l.tranche(),
        l.exposureMax(),
        l.ttlMs(),
        l.graceMs(),
        l.suspendGraceMs(),
        l.heartbeatMs(),
        active,
        boots,
        tier,
        l.clock(),
        l.rhoPermille(),
        l.telemetry(),
        l.stream(),
        l.consumers(),
        l.witness(),
        l.notBefore(),
        l.notAfter(),
        l.issuedAt(),
        l.approvals());
  }

  private static Lease copy(
      Lease l,
      long version,
      Optional<dev.leasehold.core.bytes.Hash> supersedes,
      Vec budget,
      Vec tranche,
      Vec exposureMax,
      long notAfter) {
    return new Lease(
        l.leaseId(),
        version,
        supersedes,
        l.borrowerId(),
        l.modelPackage(),
        l.measurementSet(),
        l.purpose(),
        budget,
        tranche,
        exposureMax,
        l.ttlMs(),
        l.graceMs(),
        l.suspendGraceMs(),
        l.heartbeatMs(),
        l.maxActive(),
        l.maxBootsPerHour(),
        l.minTier(),
        l.clock(),
        l.rhoPermille(),
        l.telemetry(),
        l.stream(),
        l.consumers(),
        l.witness(),
        l.notBefore(),
        notAfter,
        l.issuedAt(),
        l.approvals());
  }
}
