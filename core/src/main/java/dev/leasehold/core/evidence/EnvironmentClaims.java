package dev.leasehold.core.evidence;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.azure.AzureClaims;
import dev.leasehold.core.evidence.dcap.DcapClaims;
import dev.leasehold.core.evidence.nitro.NitroClaims;
import dev.leasehold.core.evidence.snp.SnpClaims;

/** What genuine hardware says of a trusted execution environment that a lease can run in. */
public sealed interface EnvironmentClaims extends VerifiedClaims
    permits NitroClaims, SnpClaims, DcapClaims, AzureClaims {
  /** The physical machine, as a borrower's platform list writes it (protocol §6.1). */
  String platformId();

  /** What the hardware measured at launch. */
  HexBytes measurement();

  /** What the program chose: {@link ReportData} when it binds a statement, maybe other bytes. */
  HexBytes reportData();

  /** Whether the program chose these bytes, or as many of them as its platform has room for. */
  default boolean binds(ReportData expected) {
    return reportData().equals(expected.value());
  }
}
