package dev.leasehold.enclave.life;

/** Everything this program ever writes to its log: a code, and a number or a name of its own. */
public enum Event {
  /** The options or the configuration cannot be used; the line after it says why. */
  CONFIG_REFUSED,
  /** The process is not set up as it must be; the line after it says why. */
  HOST_REFUSED,
  /** The relay has given a challenge that this program answers. */
  CHALLENGED,
  /** The hardware has given no report. */
  NO_REPORT,
  /** What the relay handed over is not signed as it must be. */
  START_REFUSED,
  /** The custodian has refused the evidence for good; the number is the status. */
  ENROLMENT_REFUSED,
  /** Grant 0 was accepted: heartbeats begin. */
  ENROLLED,
  /** The package is being fetched and opened; the number is the per cent done. */
  LOADING,
  /** The package was not what it must be, or the engine did not take it. */
  LOAD_FAILED,
  /** Requests are taken; the number is the port. */
  LISTENING,
  /** A grant failed a check and was dropped; the name is that of the check (protocol §6.3). */
  GRANT_DROPPED,
  /** Re-attestation begins. */
  RECALLED,
  /** Re-attestation is done. */
  REATTESTED,
  /** It is over; the name is that of the final's reason. */
  STOPPING,
  /** Keys, weights and contexts are overwritten. */
  WIPED,
  /** The custodian has closed the account. */
  CLOSED,
  /** No closure came in time; the relay goes on carrying the final. */
  NOT_CLOSED
}
