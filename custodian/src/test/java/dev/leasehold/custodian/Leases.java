package dev.leasehold.custodian;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Tier;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.story.Bends;
import java.util.Map;
import java.util.Optional;

/** Leases that differ from one in a single respect. */
final class Leases {
  private Leases() {}

  static Lease with(Lease l, Vec budget, Vec tranche, Vec exposureMax) {
    return Bends.with(l, Map.of("budget", budget, "tranche", tranche, "exposureMax", exposureMax));
  }

  static Lease until(Lease l, long notAfter) {
    return Bends.with(l, Map.of("notAfter", notAfter));
  }

  static Lease next(Signed<Lease> before, Vec budget) {
    return Bends.with(
        before.body(),
        Map.of(
            "version",
            before.body().version() + 1,
            "supersedes",
            Optional.of(before.hash()),
            "budget",
            budget));
  }

  /** At most this many boots an hour and enclaves at once, on machines of this tier. */
  static Lease limits(Lease l, long boots, long active, Tier tier) {
    return Bends.with(l, Map.of("maxBootsPerHour", boots, "maxActive", active, "minTier", tier));
  }
}
