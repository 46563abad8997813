package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.evidence.ReportData;

/**
 * What the evidence statement that came with a report demands of it.
 *
 * @param reportData recomputed over the received statement
 * @param nonce of the challenge, as the statement repeats it
 * @param config SHA-256 of the enclave's configuration, as the statement names it
 */
public record Binding(ReportData reportData, Nonce nonce, Hash config) {
  /** The binding to an evidence statement with hash {@code evidence} (protocol §4.3). */
  public static Binding to(Hash evidence, Nonce nonce, Hash config) {
    return new Binding(ReportData.binding(evidence), nonce, config);
  }
}
