package dev.leasehold.testkit.snp;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.ReportData;

/** What a report is about: what the guest chose, what was measured and what the host chose. */
public record ReportRequest(ReportData reportData, HexBytes measurement, HexBytes hostData) {
  public ReportRequest {
    if (measurement.hex().length() != 96 || hostData.hex().length() != 64) {
      throw new IllegalArgumentException("measurement has 48 bytes, host data 32");
    }
  }

  /** Without host data, as most VMs run. */
  public static ReportRequest of(ReportData reportData, HexBytes measurement) {
    return new ReportRequest(reportData, measurement, ReportImage.zeros(32));
  }
}
