package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;

/** The TDX module that Intel vouches for: what MRSIGNERSEAM and SEAMATTRIBUTES must be. */
public record TdxModule(HexBytes mrSigner, HexBytes attributes, HexBytes attributesMask) {
  static TdxModule parse(IntelObject o) throws Malformed {
    return new TdxModule(o.hex("mrsigner", 48), o.hex("attributes", 8), o.hex("attributesMask", 8));
  }
}
