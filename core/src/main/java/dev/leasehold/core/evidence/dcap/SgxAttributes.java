package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;

/**
 * ATTRIBUTES of an enclave: 8 bytes of flags, then XFRM (Intel SDM vol. 3D, "ATTRIBUTES").
 *
 * @param raw all 16 bytes as the report has them
 */
public record SgxAttributes(HexBytes raw, long flags) {
  /** INIT, DEBUG, MODE64BIT, PROVISIONKEY, EINITTOKEN_KEY, CET, KSS, AEXNOTIFY. */
  private static final long DEFINED = 0x4f7;

  static SgxAttributes of(HexBytes raw) throws Malformed {
    return new SgxAttributes(raw, ByteReader.littleEndian("ATTRIBUTES", raw.bytes()).u64("FLAGS"));
  }

  /** The enclave was completely built; measured before, it could still change. */
  public boolean initialised() {
    return (flags & 1) != 0;
  }

  /** The host may read and write the enclave's memory. */
  public boolean debug() {
    return (flags & 2) != 0;
  }

  public boolean reservedBitsAreSane() {
    return (flags & ~DEFINED) == 0;
  }

  @Override
  public String toString() {
    return raw.hex();
  }
}
