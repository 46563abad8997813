package dev.leasehold.borrower.books;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Vec;
import java.util.List;
import java.util.Optional;

/**
 * The borrower's account of its lease, from the messages this relay carried. Enclaves behind
 * another relay are not in it.
 *
 * @param budget of the newest lease envelope seen; absent before the first
 * @param heardAt when the custodian last said something that was kept, by the relay's own clock; 0
 *     for never
 * @param reserved sum of all allowances
 * @param proven sum of all proven use
 * @param refunded sum of what came back with closures
 * @param exposure what unresolved enclaves may still consume
 * @param log the newest checkpoint of the custodian's log that extends all this relay has seen
 */
public record Statement(
    Id leaseId,
    long leaseVersion,
    long heardAt,
    Vec budget,
    Vec reserved,
    Vec proven,
    Vec refunded,
    Vec exposure,
    LogRef log,
    List<InstanceLine> instances,
    List<Alarm> alarms) {

  /** One enclave. {@code closure} is the hash of the custodian's answer to its final. */
  public record InstanceLine(
      Id instanceId,
      Standing standing,
      long seq,
      Vec allow,
      Vec used,
      Vec refund,
      Optional<Hash> lastGrant,
      Optional<Hash> closure) {}

  /** Where an enclave stands between challenge and closure. */
  public enum Standing {
    CHALLENGED,
    UNRESOLVED,
    CLOSED
  }
}
