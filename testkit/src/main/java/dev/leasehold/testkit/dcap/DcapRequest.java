package dev.leasehold.testkit.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.ReportData;

/**
 * What a quote is to be about.
 *
 * @param measurement MRENCLAVE, 32 bytes, or MRTD, 48 bytes
 */
public record DcapRequest(QuoteForm form, ReportData reportData, HexBytes measurement) {
  public DcapRequest {
    if (measurement.hex().length() != (form.isTdx() ? 96 : 64)) {
      throw new IllegalArgumentException("MRENCLAVE has 32 bytes, MRTD 48");
    }
  }
}
