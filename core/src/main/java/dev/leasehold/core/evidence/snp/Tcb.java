package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;

/**
 * Security version numbers of a platform's firmware, component by component. They are compared by
 * component only: there is no total order.
 *
 * @param fmc of Turin only, else 0
 */
public record Tcb(int fmc, int bootloader, int tee, int snp, int microcode) {

  /** Decodes the 8 bytes of a report; their order depends on the family. */
  public static Tcb decode(Family family, HexBytes raw) {
    ByteReader r = ByteReader.littleEndian("TCB", raw.bytes());
    try {
      int first = r.u8("0");
      int second = r.u8("1");
      int third = r.u8("2");
      int fourth = r.u8("3");
      r.bytes("4-5", 2);
      int seventh = r.u8("6");
      int eighth = r.u8("7");
      r.end();
      return switch (family) {
        case MILAN, GENOA -> new Tcb(0, first, second, seventh, eighth);
        case TURIN -> new Tcb(first, second, third, fourth, eighth);
      };
    } catch (Malformed e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The bytes that have no meaning in this family and must be zero. */
  static HexBytes spare(Family family, HexBytes raw) {
    String hex = raw.hex();
    return switch (family) {
      case MILAN, GENOA -> new HexBytes(hex.substring(4, 12));
      case TURIN -> new HexBytes(hex.substring(8, 14));
    };
  }

  /** True when no component is below the other's. */
  public boolean atLeast(Tcb floor) {
    return fmc >= floor.fmc
        && bootloader >= floor.bootloader
        && tee >= floor.tee
        && snp >= floor.snp
        && microcode >= floor.microcode;
  }

  @Override
  public String toString() {
    return "fmc "
        + fmc
        + " bootloader "
        + bootloader
        + " tee "
        + tee
        + " snp "
        + snp
        + " microcode "
        + microcode;
  }
}
