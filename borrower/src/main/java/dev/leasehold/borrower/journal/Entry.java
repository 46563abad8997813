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
    FINAL
  }
}
