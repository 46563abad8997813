package dev.leasehold.borrower.journal;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Wire;
import java.util.Optional;

/**
 * One message as it passed, or was held back.
 *
 * @param at the relay's own clock, in milliseconds since 1970; proves nothing
 * @param instance the enclave concerned, once it has a name
 * @param request H of the request, on the request itself and on its answer
 * @param status HTTP status of an answer; 0 for a request
 * @param body exactly the bytes that were forwarded
 */
public record Entry(
    long at,
    Direction direction,
    What what,
    Optional<Id> instance,
    Optional<Hash> request,
    long status,
    Bytes body) {

  /** True for an answer that grants what was asked. */
  public boolean isSuccess() {
    return status / 100 == 2;
  }

  /** Which way a message went. */
  public enum Direction {
    /** Toward the custodian. */
    @Wire("out")
    OUT,
    /** From the custodian. */
    @Wire("in")
    IN,
    /** From an enclave, and refused by the relay: it went nowhere. */
    @Wire("held")
    HELD
  }

  /** Which exchange a message belongs to. */
  public enum What {
    @Wire("hello")
    HELLO,
    @Wire("bundle")
    BUNDLE,
    @Wire("challenge")
    CHALLENGE,
    @Wire("evidence")
    EVIDENCE,
    @Wire("heartbeat")
    HEARTBEAT,
    @Wire("commands")
    COMMANDS,
    @Wire("final")
    FINAL,
    /** Whether a grant is in the custodian's log; {@code request} is H of the grant. */
    @Wire("log-proof")
    LOG_PROOF,
    /** Whether one checkpoint of that log extends another. */
    @Wire("log-consistency")
    LOG_CONSISTENCY
  }
}
