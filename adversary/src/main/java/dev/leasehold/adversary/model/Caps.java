package dev.leasehold.adversary.model;

import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Vec;

/** {@code B}, {@code T} and {@code EMax} of the model, for all components at once. */
public record Caps(Vec budget, Vec tranche, Vec exposureMax) {
  public static Caps of(Lease lease) {
    return new Caps(lease.budget(), lease.tranche(), lease.exposureMax());
  }
}
