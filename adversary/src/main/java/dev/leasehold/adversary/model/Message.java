package dev.leasehold.adversary.model;

import dev.leasehold.core.lease.Vec;

/** A message on the wire, {@code Msg} of the model. Once sent it can arrive at any time. */
public record Message(Kind kind, String instance, long epoch, long seq, Vec value) {

  /** {@code k} of the model. */
  public enum Kind {
    ATT,
    GRANT,
    HALT,
    HB,
    FIN,
    /** A final that carries the unanswered heartbeat. */
    FINU;

    boolean isFinal() {
      return this == FIN || this == FINU;
    }
  }

  @Override
  public String toString() {
    return kind + "(seq " + seq + ", epoch " + epoch + ", " + value + ")";
  }
}
