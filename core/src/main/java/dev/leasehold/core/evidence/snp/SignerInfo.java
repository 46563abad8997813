package dev.leasehold.core.evidence.snp;

/** Which key signed a report and what the host chose to hide in it. */
public record SignerInfo(long bits) {
  public boolean authorKeyPresent() {
    return (bits & 1) == 1;
  }

  /** The host masks CHIP_ID: it reads as zero. */
  public boolean chipMasked() {
    return (bits >>> 1 & 1) == 1;
  }

  /** 0 VCEK, 1 VLEK, 7 not signed; others are reserved. */
  public int signingKey() {
    return (int) (bits >>> 2 & 7);
  }

  boolean reservedBitsAreSane() {
    return bits >>> 5 == 0;
  }
}
