package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import java.util.List;

/**
 * An enclave's report of proven use, always 1 024 bytes on the wire (protocol §6.3).
 *
 * @param prev H of the previous heartbeat, or of the enrolment evidence
 * @param ack H of the newest accepted grant
 * @param used rounded down (protocol §12)
 * @param lengths finished requests by output tokens n: bucket 0 n ≤ 1, bucket k 2^(k−1) &lt; n ≤
 *     2^k, bucket 15 all above
 * @param monoMs milliseconds since boot by the enclave's clock, rounded down to 1 000
 * @param tMin latest issuedAt the enclave has verified (protocol §9.5)
 */
public record Heartbeat(
    Id leaseId,
    Id instanceId,
    long epoch,
    long incarnation,
    long seq,
    Hash prev,
    Hash ack,
    Vec used,
    ReportedMode mode,
    long finished,
    long aborted,
    long denied,
    List<Long> lengths,
    long monoMs,
    long tMin,
    long cseq) {
  public static final int BUCKETS = 16;

  public Heartbeat {
    Rules.atLeastOne("seq", seq);
    Rules.require(lengths.size() == BUCKETS, "lengths: expected 16 buckets", lengths.size());
  }

  /** The mode an enclave reports; one that has stopped sends a final instead. */
  public enum ReportedMode {
    RUN,
    DRAIN,
    HOLD
  }
}
