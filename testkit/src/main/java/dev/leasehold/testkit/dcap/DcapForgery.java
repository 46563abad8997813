package dev.leasehold.testkit.dcap;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.dcap.DcapEvidence;
import java.util.List;
import java.util.Map;

/**
 * A forged quote as a host sends it, and the files that the verifying party would hold.
 *
 * @param collateralFiles as the vendor's service answers, by a name for each
 */
public record DcapForgery(Bytes quote, Map<String, Bytes> collateralFiles) {
  public DcapForgery {
    collateralFiles = Map.copyOf(collateralFiles);
  }

  public DcapEvidence evidence() throws Malformed {
    return DcapEvidence.parse(quote.toArray(), List.of());
  }

  public Collateral collateral() throws Malformed {
    Collateral all = Collateral.NONE;
    for (Map.Entry<String, Bytes> file : collateralFiles.entrySet()) {
      all = all.and(CollateralFile.read(file.getKey(), file.getValue().toArray()));
    }
    return all;
  }
}
