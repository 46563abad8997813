package dev.leasehold.core.lease;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.json.Wire;
import java.util.Locale;

/**
 * The enclave's signed account of one answer (protocol §11.3). It proves what was output under
 * which lease and what it cost, not that sampling was unbiased.
 *
 * @param requestHash SHA-256 of the sealed request
 * @param responseHash salted, so that the borrower cannot test guesses
 * @param prev H of this instance's previous receipt, or of its enrolment evidence
 */
public record Receipt(
    Id leaseId,
    Id instanceId,
    long keySeq,
    @Wire("package") Hash modelPackage,
    Hash modelDigest,
    Hash requestHash,
    Hash responseHash,
    Hash paramsHash,
    Vec charged,
    Finish finish,
    Hash grant,
    Hash prev,
    long tMin,
    long epoch,
    long incarnation) {

  /** How an answer ended. */
  public enum Finish {
    @Wire("stop")
    STOP,
    @Wire("length")
    LENGTH,
    @Wire("lease_exhausted")
    LEASE_EXHAUSTED,
    @Wire("lease_stopped")
    LEASE_STOPPED,
    @Wire("error")
    ERROR,
    @Wire("cancelled")
    CANCELLED;

    /** The name on the wire, which is also the finish_reason of the client API. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
