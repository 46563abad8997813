package dev.leasehold.adversary.model;

import dev.leasehold.core.lease.Vec;

/** An instance as the custodian's database has it, {@code db[i]} of the model. */
public record Row(State state, long epoch, long seq, Vec allow, Vec used) {

  /** {@code st}; written off is not in the model: fenced, and no longer counted as exposure. */
  public enum State {
    ACTIVE,
    FENCED,
    CLOSED,
    WRITTEN_OFF
  }

  Row with(State next) {
    return new Row(next, epoch, seq, allow, used);
  }

  boolean isUnresolved() {
    return state == State.ACTIVE || state == State.FENCED;
  }

  Vec exposure() {
    return allow.minusOrZero(used);
  }
}
