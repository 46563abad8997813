package dev.leasehold.testkit.azure;

import dev.leasehold.core.evidence.azure.HclReport;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of an HCL report being made. */
final class HclImage {
  static final int REQUEST_TYPE = 0x0c;
  static final int HARDWARE = 0x20;
  static final int REPORT_TYPE = 0x4c8;
  static final int HASH_TYPE = 0x4cc;
  static final int LENGTH = 0x4d0;
  static final int RUNTIME_DATA = 0x4d4;

  private HclImage() {}

  /** A report of SEV-SNP hardware that gives nobody a reason to refuse it. */
  static byte[] of(byte[] hardware, byte[] runtimeData) {
    byte[] bytes = new byte[HclReport.BYTES];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.put(0, "HCLA".getBytes(StandardCharsets.US_ASCII));
    out.putInt(0x04, 2);
    out.putInt(0x08, RUNTIME_DATA + runtimeData.length);
    out.putInt(REQUEST_TYPE, 2);
    out.put(HARDWARE, hardware);
    out.putInt(0x4c0, RUNTIME_DATA - 0x4c0 + runtimeData.length);
    out.putInt(0x4c4, 1);
    out.putInt(REPORT_TYPE, 2);
    out.putInt(HASH_TYPE, 1);
    out.putInt(LENGTH, runtimeData.length);
    out.put(RUNTIME_DATA, runtimeData);
    return bytes;
  }
}
