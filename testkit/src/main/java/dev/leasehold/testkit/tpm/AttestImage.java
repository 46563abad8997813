package dev.leasehold.testkit.tpm;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.evidence.tpm.TpmHash;
import java.util.List;
import java.util.SortedSet;

/**
 * The bytes of a TPMS_ATTEST being made.
 *
 * @param digest of the registers
 */
public record AttestImage(
    long magic, int type, Bytes nonce, List<Selection> selections, Bytes digest) {
  static final long MAGIC = 0xff544347L;
  static final int QUOTE = 0x8018;

  private static final int BITMAP = 3;

  /** Registers of a bank. */
  public record Selection(TpmHash bank, SortedSet<Integer> pcrs) {}

  public static AttestImage quote(byte[] nonce, List<Selection> selections, byte[] digest) {
    return new AttestImage(MAGIC, QUOTE, Bytes.of(nonce), selections, Bytes.of(digest));
  }

  /** The same of another kind. */
  AttestImage with(long otherMagic, int otherType) {
    return new AttestImage(otherMagic, otherType, nonce, selections, digest);
  }

  AttestImage with(List<Selection> others) {
    return new AttestImage(magic, type, nonce, others, digest);
  }

  public byte[] bytes() {
    ByteWriter out =
        new ByteWriter()
            .u32(magic)
            .u16(type)
            .u16(34)
            .u16(TpmHash.SHA256.id())
            .bytes(TpmHash.SHA256.digest())
            .u16(nonce.length())
            .bytes(nonce.toArray())
            .u64(86_400_000)
            .u32(7)
            .u32(1)
            .u8(1)
            .u64(0x2026_0101_0000_0001L)
            .u32(selections.size());
    for (Selection s : selections) {
      byte[] bitmap = new byte[BITMAP];
      s.pcrs.forEach(i -> bitmap[i / 8] |= (byte) (1 << i % 8));
      out.u16(s.bank.id()).u8(BITMAP).bytes(bitmap);
    }
    return out.u16(digest.length()).bytes(digest.toArray()).toByteArray();
  }
}
