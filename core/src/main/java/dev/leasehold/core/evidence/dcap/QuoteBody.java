package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.ReportData;
import java.util.List;

/** What a quote states of the environment it was made for. */
public sealed interface QuoteBody permits SgxReport, TdReport {
  /** What was measured when the environment was made: MRENCLAVE or MRTD. */
  HexBytes measurement();

  ReportData reportData();

  /** Reserved fields that are not zero; only an appraiser can say what that means. */
  List<String> reservedSet();
}
