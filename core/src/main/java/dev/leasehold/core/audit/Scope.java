package dev.leasehold.core.audit;

/** What a story is made of, which decides what a gap in it means. */
public enum Scope {
  /**
   * Everything the custodian must log, in the order of its log (protocol §10): a gap is a fault.
   */
  LOG,
  /** What passed one relay: heartbeats too, but nothing of enclaves behind other relays. */
  RELAY
}
