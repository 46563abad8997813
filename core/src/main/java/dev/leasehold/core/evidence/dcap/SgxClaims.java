package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.EvidenceKind;
import java.util.ArrayList;
import java.util.List;

/** What a genuine SGX platform says of an enclave. */
public final class SgxClaims extends DcapClaims {
  private final SgxReport report;

  SgxClaims(Quote quote, SgxReport report, Findings findings) {
    super(quote, findings);
    this.report = report;
  }

  public SgxReport report() {
    return report;
  }

  @Override
  public EvidenceKind kind() {
    return EvidenceKind.SGX;
  }

  @Override
  public String platformId() {
    return "sgx:" + pck().ppid();
  }

  @Override
  public HexBytes svn() {
    return report.cpuSvn();
  }

  @Override
  public boolean debug() {
    return report.attributes().debug();
  }

  @Override
  public List<String> reservedBits() {
    List<String> out = new ArrayList<>(quote().reservedSet());
    if (!report.attributes().reservedBitsAreSane()) {
      out.add("ATTRIBUTES " + report.attributes());
    }
    return List.copyOf(out);
  }
}
