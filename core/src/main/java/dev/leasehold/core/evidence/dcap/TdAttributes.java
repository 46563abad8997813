package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;

/**
 * TDATTRIBUTES of a trust domain (Intel TDX module ABI, table "ATTRIBUTES").
 *
 * @param raw the 8 bytes as the report has them
 */
public record TdAttributes(HexBytes raw, long bits) {
  /** DEBUG, LASS, SEPT_VE_DISABLE, MIGRATABLE, PKS, KL, PERFMON. */
  private static final long DEFINED =
      1 | 1L << 27 | 1L << 28 | 1L << 29 | 1L << 30 | 1L << 31 | 1L << 63;

  static TdAttributes of(HexBytes raw) throws Malformed {
    return new TdAttributes(raw, ByteReader.littleEndian("TDATTRIBUTES", raw.bytes()).u64("bits"));
  }

  /** The host may read and write the domain's memory. */
  public boolean debug() {
    return bit(0);
  }

  /** The host cannot make the domain's private memory raise exceptions inside it. */
  public boolean septVeDisabled() {
    return bit(28);
  }

  public boolean migratable() {
    return bit(29);
  }

  /** Performance counters are shared with the domain, a side channel. */
  public boolean perfmon() {
    return bit(63);
  }

  public boolean reservedBitsAreSane() {
    return (bits & ~DEFINED) == 0;
  }

  private boolean bit(int index) {
    return (bits >>> index & 1) == 1;
  }

  @Override
  public String toString() {
    return raw.hex();
  }
}
