package dev.leasehold.core.lease;

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

  /** True when no enclave may ever serve under this lease again. */
  public boolean isTerminal() {
    return this == REVOKED || this == EXPIRED || this == SETTLED;
  }
}
