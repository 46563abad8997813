package dev.leasehold.core.evidence.snp;

/** The policy a guest was launched under; the firmware enforces it for the guest's whole life. */
public record GuestPolicy(long bits) {
  private static final long DEFINED = (1L << 26) - 1;

  public boolean smtAllowed() {
    return bit(16);
  }

  public boolean migrationAllowed() {
    return bit(18);
  }

  public boolean debugAllowed() {
    return bit(19);
  }

  public boolean ciphertextHidingRequired() {
    return bit(24);
  }

  /** Bit 17 is reserved as one, everything above bit 25 as zero. */
  boolean reservedBitsAreSane() {
    return bit(17) && (bits & ~DEFINED) == 0;
  }

  private boolean bit(int index) {
    return (bits >>> index & 1) == 1;
  }

  @Override
  public String toString() {
    return "0x" + Long.toHexString(bits);
  }
}
