package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.tpm.EventLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a genuine TDX platform says of a trust domain. */
public final class TdxClaims extends DcapClaims {
  private final TdReport report;
  private final Optional<EventLog> eventLog;

  TdxClaims(Quote quote, TdReport report, Findings findings) {
    super(quote, findings);
    this.report = report;
    this.eventLog = findings.eventLog();
  }

  public TdReport report() {
    return report;
  }

  /** The CCEL that was handed in beside the quote; believed as far as it replays to the RTMRs. */
  public Optional<EventLog> eventLog() {
    return eventLog;
  }

  @Override
  public EvidenceKind kind() {
    return EvidenceKind.TDX;
  }

  @Override
  public String platformId() {
    return "tdx:" + pck().ppid();
  }

  @Override
  public HexBytes svn() {
    return report.teeTcbSvn();
  }

  @Override
  public boolean debug() {
    return report.tdAttributes().debug();
  }

  @Override
  public List<String> reservedBits() {
    List<String> out = new ArrayList<>(quote().reservedSet());
    if (!report.tdAttributes().reservedBitsAreSane()) {
      out.add("TDATTRIBUTES " + report.tdAttributes());
    }
    return List.copyOf(out);
  }
}
