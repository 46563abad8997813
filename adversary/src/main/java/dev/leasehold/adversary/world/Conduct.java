package dev.leasehold.adversary.world;

import dev.leasehold.core.dsse.Envelope;
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

  /** What a consumer is given in place of this receipt. */
  default Envelope gives(SimEnclave enclave, Envelope receipt) {
    return receipt;
  }

  /** Text shown although the guard forbids it. */
  default boolean showsAnyway(SimEnclave enclave) {
    return false;
  }

  /** Work done although the guard has denied it. */
  default boolean worksAnyway(SimEnclave enclave, Vec need) {
    return false;
  }
}
