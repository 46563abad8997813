package dev.leasehold.core.audit;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Vec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an audit established.
 *
 * @param approverSet whose signatures counted; empty when no roster was there
 * @param statements how many statements were read
 * @param until the latest time the custodian has signed
 */
public record Report(
    Scope scope,
    Optional<Hash> approverSet,
    long statements,
    long until,
    List<BorrowerAccount> borrowers,
    List<LeaseAccount> leases,
    List<IncidentLine> incidents,
    List<Finding> findings) {

  public boolean isConsistent() {
    return findings.isEmpty();
  }

  /** The same, with what was found by other means. */
  public Report and(List<Finding> more) {
    return withFindings(Stream.concat(findings.stream(), more.stream()).toList());
  }

  Report withFindings(List<Finding> all) {
    return new Report(
        scope, approverSet, statements, until, borrowers, leases, incidents, List.copyOf(all));
  }

  /** Compute of one borrower under all its leases. */
  public record BorrowerAccount(
      Id borrowerId, String name, long leases, Vec proven, Vec exposure, Vec residual) {}

  /**
   * One lease.
   *
   * @param promised sum of all allowances, less refunds
   * @param proven sum of all proven use
   * @param exposure promised and not proven used: the most that can still be consumed
   * @param residual written off although it may still be consumed, for ever
   * @param lastCommand newest cseq that is here
   */
  public record LeaseAccount(
      Id leaseId,
      Optional<Id> borrowerId,
      long version,
      LeaseState state,
      Vec budget,
      Vec promised,
      Vec proven,
      Vec refunded,
      Vec exposure,
      Vec residual,
      long lastCommand,
      List<Revocation> revocations,
      List<InstanceAccount> instances) {}

  /** One enclave of a lease. */
  public record InstanceAccount(
      Id instanceId,
      Standing standing,
      long seq,
      Vec allow,
      Vec used,
      Vec refund,
      Optional<Hash> key,
      Optional<Cessation> cessation) {}

  /** Where an enclave stands between challenge and end. */
  public enum Standing {
    CHALLENGED,
    UNRESOLVED,
    CLOSED,
    WRITTEN_OFF
  }

  /**
   * The proof that an enclave has ceased: its own final and the custodian's closure.
   *
   * @param finalVerified false where the story does not hold the enclave's key, as a log does not:
   *     then the final counts on the custodian's word
   * @param closedAt custodian's time
   */
  public record Cessation(
      Hash finalHash, boolean finalVerified, Final.Reason reason, Hash closure, long closedAt) {}

  /**
   * A revoke and what became of the number on its button: {@code x = proven + refunded + residual +
   * unresolved}.
   *
   * @param x promised and not proven used at that moment
   * @param proven used of it, proven since
   */
  public record Revocation(
      Hash command,
      long cseq,
      long at,
      Vec x,
      Vec proven,
      Vec refunded,
      Vec residual,
      Vec unresolved) {}

  /** What the custodian itself wrote down as an anomaly. */
  public record IncidentLine(
      Hash incident, Optional<Id> leaseId, Optional<Id> instanceId, String what, long at) {}
}
