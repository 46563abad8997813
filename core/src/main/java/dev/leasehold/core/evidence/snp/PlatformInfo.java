package dev.leasehold.core.evidence.snp;

/** What the platform was configured to when it made the report. */
public record PlatformInfo(long bits) {
  /** Bit 6 has no public name but genuine Turin machines set it. */
  private static final long SEEN = 0xff;

  public boolean smtEnabled() {
    return bit(0);
  }

  public boolean ciphertextHidingEnabled() {
    return bit(4);
  }

  /** Memory was scanned for aliased addresses, which a tampered DIMM causes (AMD-SB-3015). */
  public boolean aliasCheckComplete() {
    return bit(5);
  }

  boolean reservedBitsAreSane() {
    return (bits & ~SEEN) == 0;
  }

  private boolean bit(int index) {
    return (bits >>> index & 1) == 1;
  }

  @Override
  public String toString() {
    return "0x" + Long.toHexString(bits);
  }
}
