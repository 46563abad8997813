package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Wire;

/**
 * The last statement of an enclave, signed after serving has stopped and keys and weights are
 * wiped; always 1 024 bytes on the wire (protocol §6.4).
 *
 * @param seq last sent + 1
 * @param prev H of the last sent heartbeat, or of the enrolment evidence
 * @param used exact
 */
public record Final(
    Id leaseId,
    Id instanceId,
    long epoch,
    long incarnation,
    long seq,
    Hash prev,
    Hash ack,
    Vec used,
    Reason reason,
    long finished,
    long aborted,
    long denied,
    long cseq,
    Wiped wiped) {

  public Final {
    Rules.atLeastOne("seq", seq);
  }

  /** Why an enclave ended. */
  public enum Reason {
    REVOKED,
    RECALLED,
    DEADMAN,
    DRAINED,
    EXPIRED,
    LOAD_FAILED,
    FAULT,
    BORROWER
  }

  /** A final is only ever signed after the wipe. */
  public enum Wiped {
    @Wire("yes")
    YES
  }
}
