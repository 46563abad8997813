package dev.leasehold.adversary.world;

import dev.leasehold.core.bytes.Id;
import java.util.Optional;

/**
 * One request to the custodian, as bytes: all that a host can see, keep and change.
 *
 * @param instance in the path; empty where the path has none
 * @param key the Idempotency-Key of a hello, the newest command seen of a poll, what a proof is
 *     asked of, else empty
 * @param body exactly as posted
 */
public record Request(Desk desk, Optional<Id> instance, String key, String body) {

  /** Where it goes (protocol §7.1). */
  public enum Desk {
    HELLO,
    CHALLENGE,
    EVIDENCE,
    HEARTBEAT,
    FINAL,
    COMMANDS,
    ORDER,
    LEASE,
    /** Whether a statement is in the log. */
    PROOF,
    /** Whether one checkpoint of it extends another. */
    CONSISTENCY
  }

  public static Request of(Desk desk, Id instance, String body) {
    return new Request(desk, Optional.of(instance), "", body);
  }

  public static Request of(Desk desk, String body) {
    return new Request(desk, Optional.empty(), "", body);
  }

  /** The same request with other bytes. */
  public Request with(String other) {
    return new Request(desk, instance, key, other);
  }
}
