package dev.leasehold.core.evidence;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;

/** The 64 bytes by which a hardware report is bound to a statement (protocol §4.3). */
public record ReportData(HexBytes value) {
  public static final int BYTES = 64;

  public ReportData {
    if (value.hex().length() != 2 * BYTES) {
      throw new IllegalArgumentException(
          "report data: expected " + BYTES + " bytes, found " + value.hex().length() / 2);
    }
  }

  /** The report data that binds a report to the evidence statement with this {@code H}. */
  public static ReportData binding(Hash evidence) {
    return of(Digests.reportData(evidence));
  }

  public static ReportData of(byte[] bytes) {
    return new ReportData(HexBytes.of(bytes));
  }

  public byte[] bytes() {
    return value.bytes();
  }

  @Override
  public String toString() {
    return value.hex();
  }
}
