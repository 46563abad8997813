package dev.leasehold.testkit.tpm;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.tpm.TpmEvidence;

/** Forged quotes as a host sends them, and what the verifying party would hold. */
public record Forgery(Bytes container, Collateral collateral) {
  public TpmEvidence evidence() throws Malformed {
    return TpmEvidence.parse(container.toArray());
  }
}
