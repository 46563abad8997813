package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.ByteReader;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.core.evidence.snp.SnpReport.FirmwareVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads the report front to back, field by field, in the order of the firmware ABI. */
final class SnpReportReader {
  private static final int SCALAR = 72;
  private static final int P384 = 48;
  private static final int SIGNATURE = 512;

  private final byte[] bytes;
  private final ByteReader in;
  private final List<String> reservedSet = new ArrayList<>();

  SnpReportReader(byte[] bytes) {
    this.bytes = bytes.clone();
    this.in = ByteReader.littleEndian("SNP report", this.bytes);
  }

  SnpReport read() throws Malformed {
    if (bytes.length != SnpReport.BYTES) {
      throw new Malformed("SNP report", SnpReport.BYTES + " bytes", bytes.length + " bytes");
    }
    int version = version();
    long guestSvn = in.u32("GUEST_SVN");
    var policy = new GuestPolicy(in.u64("POLICY"));
    HexBytes familyId = hex("FAMILY_ID", 16);
    HexBytes imageId = hex("IMAGE_ID", 16);
    long vmpl = in.u32("VMPL");
    long algorithm = in.u32("SIGNATURE_ALGO");
    HexBytes currentTcb = hex("CURRENT_TCB", 8);
    var platformInfo = new PlatformInfo(in.u64("PLATFORM_INFO"));
    var signer = new SignerInfo(in.u32("KEY_INFO"));
    reserved("0x4c", 4);
    ReportData reportData = ReportData.of(in.bytes("REPORT_DATA", ReportData.BYTES));
    HexBytes measurement = hex("MEASUREMENT", 48);
    HexBytes hostData = hex("HOST_DATA", 32);
    HexBytes idKeyDigest = hex("ID_KEY_DIGEST", 48);
    HexBytes authorKeyDigest = hex("AUTHOR_KEY_DIGEST", 48);
    HexBytes reportId = hex("REPORT_ID", 32);
    HexBytes reportIdMa = hex("REPORT_ID_MA", 32);
    HexBytes reportedTcb = hex("REPORTED_TCB", 8);
    Optional<Cpuid> cpuid = cpuid(version);
    reserved("0x18b", 21);
    HexBytes chipId = hex("CHIP_ID", 64);
    HexBytes committedTcb = hex("COMMITTED_TCB", 8);
    FirmwareVersion currentFirmware = firmware("CURRENT", "0x1eb");
    FirmwareVersion committedFirmware = firmware("COMMITTED", "0x1ef");
    HexBytes launchTcb = hex("LAUNCH_TCB", 8);
    long launchMitigations = mitigations(version, "LAUNCH_MIT_VECTOR");
    long currentMitigations = mitigations(version, "CURRENT_MIT_VECTOR");
    reserved("0x208", 152);
    HexBytes signature = signature();
    in.end();
    return new SnpReport(
        version,
        guestSvn,
        policy,
        familyId,
        imageId,
        vmpl,
        algorithm,
        currentTcb,
        platformInfo,
        signer,
        reportData,
        measurement,
        hostData,
        idKeyDigest,
        authorKeyDigest,
        reportId,
        reportIdMa,
        reportedTcb,
        cpuid,
        chipId,
        committedTcb,
        currentFirmware,
        committedFirmware,
        launchTcb,
        launchMitigations,
        currentMitigations,
        reservedSet,
        HexBytes.of(Arrays.copyOf(bytes, SnpReport.SIGNED_BYTES)),
        signature);
  }

  private int version() throws Malformed {
    long version = in.u32("VERSION");
    if (version < 2 || version > 5) {
      throw new Malformed("SNP report.VERSION", "2 to 5", Long.toString(version));
    }
    return (int) version;
  }

  private Optional<Cpuid> cpuid(int version) throws Malformed {
    if (version < 3) {
      reserved("0x188", 3);
      return Optional.empty();
    }
    return Optional.of(
        new Cpuid(in.u8("CPUID_FAM_ID"), in.u8("CPUID_MOD_ID"), in.u8("CPUID_STEP")));
  }

  private FirmwareVersion firmware(String name, String reservedAt) throws Malformed {
    var version =
        new FirmwareVersion(in.u8(name + "_BUILD"), in.u8(name + "_MINOR"), in.u8(name + "_MAJOR"));
    reserved(reservedAt, 1);
    return version;
  }

  private long mitigations(int version, String name) throws Malformed {
    if (version < 5) {
      reserved(name, 8);
      return 0;
    }
    return in.u64(name);
  }

  /** Two little-endian scalars of 72 bytes, of which P-384 uses 48, in a field of 512 bytes. */
  private HexBytes signature() throws Malformed {
    byte[] out = new byte[2 * P384];
    scalar("SIGNATURE.R", out, 0);
    scalar("SIGNATURE.S", out, P384);
    in.zeros("SIGNATURE.RESERVED", SIGNATURE - 2 * SCALAR);
    return HexBytes.of(out);
  }

  private void scalar(String field, byte[] out, int at) throws Malformed {
    byte[] littleEndian = in.bytes(field, P384);
    in.zeros(field, SCALAR - P384);
    for (int i = 0; i < P384; i++) {
      out[at + i] = littleEndian[P384 - 1 - i];
    }
  }

  private void reserved(String name, int length) throws Malformed {
    for (byte b : in.bytes(name, length)) {
      if (b != 0) {
        reservedSet.add(name);
        return;
      }
    }
  }

  private HexBytes hex(String field, int length) throws Malformed {
    return HexBytes.of(in.bytes(field, length));
  }
}
