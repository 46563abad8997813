package dev.leasehold.core.audit;

/** How much a finding proves. */
public enum Severity {
  /** Signatures alone prove to anybody that their signer broke the protocol. */
  MISBEHAVIOUR,
  /** Statements do not fit together; who is at fault is not proven. */
  INCONSISTENT,
  /** Something is not there: a claim that rests on it cannot be proven from this story. */
  INCOMPLETE
}
