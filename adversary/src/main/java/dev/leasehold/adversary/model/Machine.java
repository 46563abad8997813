package dev.leasehold.adversary.model;

import dev.leasehold.core.lease.Vec;

/**
 * An enclave, {@code enc[i]} of the model.
 *
 * @param seq of the newest grant that was taken
 * @param used work really done
 */
public record Machine(State state, long epoch, long seq, Vec allow, Vec used) {

  /** {@code st}; an enclave that was never challenged is in no map. */
  public enum State {
    ATT,
    RUN,
    STOP,
    DEAD
  }

  Machine with(State next) {
    return new Machine(next, epoch, seq, allow, used);
  }
}
