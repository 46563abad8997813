package dev.leasehold.core.lease;

import dev.leasehold.core.guard.Mode;
import java.util.function.BooleanSupplier;

/** The life of a lease (protocol §8.1). REVOKED and later are terminal. */
public enum LeaseState {
  DRAFT,
  ACTIVE,
  SUSPENDED,
  REVOKED,
  EXPIRED,
  SETTLED;

  public boolean mayBecome(LeaseState next) {
    return switch (this) {
      case DRAFT -> next == ACTIVE || next == REVOKED || next == EXPIRED;
      case ACTIVE -> next == SUSPENDED || next == REVOKED || next == EXPIRED;
      case SUSPENDED -> next == ACTIVE || next == REVOKED || next == EXPIRED;
      case REVOKED, EXPIRED -> next == SETTLED;
      case SETTLED -> false;
    };
  }

  /** The state after a command to the whole lease; from a terminal one nothing leads back. */
  public LeaseState after(Command.Type command) {
    if (isTerminal()) {
      return this;
    }
    return switch (command) {
      case REVOKE -> REVOKED;
      case SUSPEND -> SUSPENDED;
      case RESUME -> ACTIVE;
      case RECALL, DRAIN, ROTATE -> this;
    };
  }

  /**
   * What a grant tells an enclave to do under a lease in this state (protocol §6.3).
   *
   * @param isDraining whether a DRAIN command is in force for it
   */
  public Mode grantMode(BooleanSupplier isDraining) {
    return switch (this) {
      case REVOKED, EXPIRED, SETTLED -> Mode.STOP;
      case SUSPENDED, DRAFT -> Mode.HOLD;
      case ACTIVE -> isDraining.getAsBoolean() ? Mode.DRAIN : Mode.RUN;
    };
  }

  /** True when no enclave may ever serve under this lease again. */
  public boolean isTerminal() {
    return this == REVOKED || this == EXPIRED || this == SETTLED;
  }
}
