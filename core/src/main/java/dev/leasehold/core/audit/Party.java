package dev.leasehold.core.audit;

/** Whom a finding speaks against. */
public enum Party {
  CUSTODIAN,
  APPROVERS,
  /** The attested program, or whoever holds its key (assumption A1 of protocol §3 is broken). */
  ENCLAVE,
  /** Nobody who signed: whoever put the story together, or an answer that never came. */
  NOBODY
}
