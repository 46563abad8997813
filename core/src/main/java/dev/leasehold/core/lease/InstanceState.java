package dev.leasehold.core.lease;

/** The life of an enclave as the custodian sees it (protocol §8.1). */
public enum InstanceState {
  CHALLENGED,
  ACTIVE,
  /** Silent too long or quarantined: its slot is free, its exposure is not. */
  FENCED,
  CLOSED,
  WRITTEN_OFF;

  public boolean mayBecome(InstanceState next) {
    return switch (this) {
      case CHALLENGED -> next == ACTIVE;
      case ACTIVE -> next == FENCED || next == CLOSED;
      case FENCED -> next == CLOSED || next == WRITTEN_OFF;
      case CLOSED, WRITTEN_OFF -> false;
    };
  }

  /** Granted to, no accepted final, not written off: counts as exposure. */
  public boolean isUnresolved() {
    return this == ACTIVE || this == FENCED;
  }
}
