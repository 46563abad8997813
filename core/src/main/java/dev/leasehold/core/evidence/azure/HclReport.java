package dev.leasehold.core.evidence.azure;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What the paravisor leaves in the TPM's NV index 0x01400001: a hardware report and the runtime
 * data that its report data hashes. All headers are outside what is signed, so each has one
 * acceptable value.
 *
 * @param hardware the SNP report, or the TDREPORT of a TD
 * @param tdReport the latter, parsed
 * @param runtimeData the very bytes that are hashed
 * @param runtime the same, parsed
 */
public record HclReport(
    Type type,
    Bytes hardware,
    Optional<TdReportStruct> tdReport,
    Bytes runtimeData,
    RuntimeData runtime) {
  /** The size of the NV index. */
  public static final int BYTES = 2600;

  private static final String FORMAT = "HCL report";
  private static final byte[] SIGNATURE = "HCLA".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_VERSION = 2;
  private static final int HEADER = 32;
  private static final int HARDWARE = 1184;
  private static final int RUNTIME_HEADER = 20;
  private static final int REQUEST_TYPE = 2;
  private static final int HASH_SHA256 = 1;

  /** Which hardware the report is of. */
  public enum Type {
    SNP(2, HARDWARE),
    TDX(4, TdReportStruct.BYTES);

    private final int id;
    private final int bytes;

    Type(int id, int bytes) {
      this.id = id;
      this.bytes = bytes;
    }
  }

  public static HclReport parse(byte[] bytes) throws Malformed {
    if (bytes.length != BYTES) {
      throw new Malformed(FORMAT, BYTES + " bytes", bytes.length + " bytes");
    }
    ByteReader in = ByteReader.littleEndian(FORMAT, bytes);
    if (!Arrays.equals(in.bytes("signature", SIGNATURE.length), SIGNATURE)) {
      throw new Malformed(FORMAT + ".signature", "HCLA", "another");
    }
    long version = in.u32("version");
    if (version < 1 || version > MAX_VERSION) {
      throw new Malformed(FORMAT + ".version", "1 or 2", Long.toString(version));
    }
    long reportSize = in.u32("report_size");
    require("request_type", REQUEST_TYPE, in.u32("request_type"));
    in.zeros("status and reserved", HEADER - 16);
    byte[] hardware = in.bytes("hw_report", HARDWARE);
    long runtimeSize = in.u32("runtime data.size");
    require("runtime data.version", 1, in.u32("runtime data.version"));
    Type type = type(in.u32("runtime data.report_type"));
    require("runtime data.hash_type", HASH_SHA256, in.u32("runtime data.hash_type"));
    long length = in.u32("runtime data.variable_data_size");
    require("runtime data.size", RUNTIME_HEADER + length, runtimeSize);
    require("report_size", HEADER + HARDWARE + runtimeSize, reportSize);
    byte[] runtimeData = in.bytes("runtime data", length);
    in.zeros("padding", in.remaining());
    byte[] report = report(type, hardware);
    return new HclReport(
        type,
        Bytes.of(report),
        type == Type.TDX ? Optional.of(TdReportStruct.parse(report)) : Optional.empty(),
        Bytes.of(runtimeData),
        RuntimeData.parse(runtimeData));
  }

  private static Type type(long id) throws Malformed {
    for (Type type : Type.values()) {
      if (type.id == id) {
        return type;
      }
    }
    throw new Malformed(FORMAT + ".report_type", "2 (SNP) or 4 (TDX)", Long.toString(id));
  }

  /** A shorter report stands first in the field, zeros after it. */
  private static byte[] report(Type type, byte[] field) throws Malformed {
    ByteReader in = ByteReader.littleEndian(FORMAT + ".hw_report", field);
    byte[] report = in.bytes("report", type.bytes);
    in.zeros("padding", in.remaining());
    return report;
  }

  private static void require(String field, long expected, long found) throws Malformed {
    if (found != expected) {
      throw new Malformed(FORMAT + "." + field, Long.toString(expected), Long.toString(found));
    }
  }
}
