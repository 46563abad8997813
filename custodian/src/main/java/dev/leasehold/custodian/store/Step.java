package dev.leasehold.custodian.store;

import dev.leasehold.custodian.problem.Rejected;

/** Something that happens entirely or, unless its refusal is recorded, not at all. */
@FunctionalInterface
public interface Step<T> {
  T run(Tx tx) throws Rejected;
}
