package dev.leasehold.core.guard;

/** What an enclave may do now (protocol §9.1). STOP is terminal. */
public enum Mode {
  /** Serves and admits. */
  RUN,
  /** Finishes what was admitted, admits nothing. */
  DRAIN,
  /** Serves nothing; a fresh RUN grant lifts it. */
  HOLD,
  /** Serves nothing ever again. */
  STOP
}
