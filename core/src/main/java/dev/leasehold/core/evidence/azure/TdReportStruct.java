package dev.leasehold.core.evidence.azure;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.tpm.TpmHash;
import java.util.Arrays;

/**
 * A TDREPORT_STRUCT (Intel TDX Module ABI, TDREPORT_STRUCT): what the module reports to software on
 * its own machine. Its MAC means nothing elsewhere, so it counts only as far as a quote says the
 * same.
 *
 * @param tcbInfo TEE_TCB_SVN, MRSEAM, MRSIGNERSEAM and ATTRIBUTES of TEE_TCB_INFO
 * @param tdInfo the fields of TDINFO from ATTRIBUTES to RTMR3
 */
public record TdReportStruct(ReportData reportData, HexBytes tcbInfo, HexBytes tdInfo) {
  static final int BYTES = 1024;

  private static final String FORMAT = "TDREPORT_STRUCT";
  private static final int TDX = 0x81;
  private static final int TCB_INFO = 239;
  private static final int TCB_INFO_QUOTED = 120;
  private static final int TD_INFO = 512;
  private static final int TD_INFO_QUOTED = 400;

  static TdReportStruct parse(byte[] bytes) throws Malformed {
    ByteReader in = ByteReader.littleEndian(FORMAT, bytes);
    if (in.u8("REPORTTYPE.TYPE") != TDX || in.u8("REPORTTYPE.SUBTYPE") != 0) {
      throw new Malformed(FORMAT + ".REPORTTYPE", "a TD's", "another");
    }
    int version = in.u8("REPORTTYPE.VERSION");
    if (version > 1) {
      throw new Malformed(FORMAT + ".REPORTTYPE", "version 0 or 1", Integer.toString(version));
    }
    in.zeros("reserved", 13);
    in.bytes("CPUSVN", 16);
    byte[] tcbInfoHash = in.bytes("TEE_TCB_INFO_HASH", 48);
    byte[] tdInfoHash = in.bytes("TEE_INFO_HASH", 48);
    ReportData reportData = ReportData.of(in.bytes("REPORTDATA", ReportData.BYTES));
    in.zeros("reserved", 32);
    in.bytes("MAC", 32);
    byte[] tcbInfo = in.bytes("TEE_TCB_INFO", TCB_INFO);
    in.zeros("reserved", 17);
    byte[] tdInfo = in.bytes("TDINFO", TD_INFO);
    in.end();
    requireHash("TEE_TCB_INFO_HASH", tcbInfoHash, tcbInfo);
    requireHash("TEE_INFO_HASH", tdInfoHash, tdInfo);
    return new TdReportStruct(
        reportData,
        HexBytes.of(Arrays.copyOfRange(tcbInfo, 8, 8 + TCB_INFO_QUOTED)),
        HexBytes.of(Arrays.copyOf(tdInfo, TD_INFO_QUOTED)));
  }

  /** The body of a quote made of it: the same fields, one after the other. */
  HexBytes asQuoted() {
    return new HexBytes(tcbInfo.hex() + tdInfo.hex() + reportData.value().hex());
  }

  private static void requireHash(String field, byte[] hash, byte[] bytes) throws Malformed {
    if (!Arrays.equals(hash, TpmHash.SHA384.digest(bytes))) {
      throw new Malformed(FORMAT + "." + field, "the SHA-384 of its structure", "another");
    }
  }
}
