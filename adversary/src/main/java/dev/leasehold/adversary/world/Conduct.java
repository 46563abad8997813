package dev.leasehold.adversary.world;

import dev.leasehold.core.lease.Vec;

/**
 * What a program inside a TEE might do that ours does not. Honest by default; tests of the oracle
 * bend it.
 */
public interface Conduct {
  /** The shipped program. */
  Conduct HONEST = new Conduct() {};

  /** What leaves the enclave in place of this. */
  default Request sends(SimEnclave enclave, Request request) {
    return request;
  }

  /** After an answer was taken. */
  default void took(SimEnclave enclave, Answer answer) {}

  /** Work done although the guard has denied it. */
  default boolean worksAnyway(SimEnclave enclave, Vec need) {
    return false;
  }
}
