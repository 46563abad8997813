package dev.leasehold.core.evidence.tpm;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Malformed;

/** The sized buffers of a TPM: 16 bits of length, then the bytes. */
final class Tpm2b {
  private Tpm2b() {}

  static byte[] read(ByteReader in, String field, int max) throws Malformed {
    int size = in.u16(field + ".size");
    if (size > max) {
      throw new Malformed(field, "at most " + max + " bytes", size + " bytes");
    }
    return in.bytes(field, size);
  }
}
