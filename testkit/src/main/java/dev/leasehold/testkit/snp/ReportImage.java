package dev.leasehold.testkit.snp;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.evidence.snp.SnpReport;
import dev.leasehold.core.evidence.snp.Tcb;
import dev.leasehold.testkit.pki.Curve;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.PrivateKey;
import java.util.Arrays;

/** The bytes of a report being made, by offset of the firmware ABI; then signed. */
final class ReportImage {
  static final int POLICY = 0x08;
  static final int VMPL = 0x30;
  static final int SIGNATURE_ALGORITHM = 0x34;
  static final int CURRENT_TCB = 0x38;
  static final int PLATFORM_INFO = 0x40;
  static final int KEY_INFO = 0x48;
  static final int REPORT_DATA = 0x50;
  static final int MEASUREMENT = 0x90;
  static final int HOST_DATA = 0xc0;
  static final int ID_KEY_DIGEST = 0xe0;
  static final int REPORT_ID = 0x140;
  static final int REPORT_ID_MA = 0x160;
  static final int REPORTED_TCB = 0x180;
  static final int CPUID = 0x188;
  static final int CHIP_ID = 0x1a0;
  static final int COMMITTED_TCB = 0x1e0;
  static final int CURRENT_FIRMWARE = 0x1e8;
  static final int COMMITTED_FIRMWARE = 0x1ec;
  static final int LAUNCH_TCB = 0x1f0;

  private static final int P384 = 48;
  private static final int SCALAR = 72;

  private final ByteBuffer out =
      ByteBuffer.allocate(SnpReport.BYTES).order(ByteOrder.LITTLE_ENDIAN);

  ReportImage u8(int offset, int value) {
    out.put(offset, (byte) value);
    return this;
  }

  ReportImage u32(int offset, int value) {
    out.putInt(offset, value);
    return this;
  }

  ReportImage u64(int offset, long value) {
    out.putLong(offset, value);
    return this;
  }

  ReportImage setBit(int offset, int bit) {
    return u64(offset, out.getLong(offset) | 1L << bit);
  }

  ReportImage clearBit(int offset, int bit) {
    return u64(offset, out.getLong(offset) & ~(1L << bit));
  }

  ReportImage bytes(int offset, byte[] value) {
    out.put(offset, value);
    return this;
  }

  ReportImage flip(int offset) {
    return u8(offset, out.get(offset) ^ 1);
  }

  ReportImage tcb(int offset, Family family, Tcb tcb) {
    return bytes(offset, encode(family, tcb));
  }

  byte[] sign(PrivateKey key) {
    byte[] report = out.array().clone();
    byte[] rs = Curve.P384.sign(key, Arrays.copyOf(report, SnpReport.SIGNED_BYTES));
    scalar(rs, 0, report, SnpReport.SIGNED_BYTES);
    scalar(rs, P384, report, SnpReport.SIGNED_BYTES + SCALAR);
    return report;
  }

  static byte[] encode(Family family, Tcb t) {
    return switch (family) {
      case MILAN, GENOA -> octets(t.bootloader(), t.tee(), 0, 0, 0, 0, t.snp(), t.microcode());
      case TURIN -> octets(t.fmc(), t.bootloader(), t.tee(), t.snp(), 0, 0, 0, t.microcode());
    };
  }

  private static byte[] octets(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }

  private static void scalar(byte[] rs, int from, byte[] report, int at) {
    for (int i = 0; i < P384; i++) {
      report[at + i] = rs[from + P384 - 1 - i];
    }
  }

  static HexBytes zeros(int length) {
    return HexBytes.of(new byte[length]);
  }
}
