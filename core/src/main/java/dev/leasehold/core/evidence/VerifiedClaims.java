package dev.leasehold.core.evidence;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.snp.SnpClaims;

/**
 * What genuine hardware says. Only a successful verification makes one: the permitted classes have
 * no public constructor.
 */
public sealed interface VerifiedClaims permits SnpClaims {
  /** The physical machine, as a borrower's platform list writes it (protocol §6.1). */
  String platformId();

  /** What the hardware measured at launch. */
  HexBytes measurement();

  /** The 64 bytes the program chose. */
  ReportData reportData();
}
