package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.evidence.ReportData;

/**
 * What the evidence statement that came with a report demands of it.
 *
 * @param reportData recomputed over the received statement
 * @param config SHA-256 of the enclave's configuration, as the statement names it
 */
public record Binding(ReportData reportData, Hash config) {
  /** The binding to an evidence statement with hash {@code evidence} (protocol §4.3). */
  public static Binding to(Hash evidence, Hash config) {
    return new Binding(ReportData.binding(evidence), config);
  }
}
