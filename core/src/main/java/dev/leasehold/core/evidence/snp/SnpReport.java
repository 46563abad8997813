package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.ReportData;
import java.util.List;
import java.util.Optional;

/**
 * An SEV-SNP attestation report of version 2 to 5: exactly 1184 bytes, signature included. The TCB
 * values stay raw until the processor family is proven, since their byte order depends on it.
 *
 * @param cpuid absent before version 3
 * @param reservedSet reserved fields that are not zero; only an appraiser can say what that means
 * @param signedPart the bytes the signature covers
 * @param signature {@code r ‖ s}, 48 bytes each, big-endian
 */
public record SnpReport(
    int version,
    long guestSvn,
    GuestPolicy policy,
    HexBytes familyId,
    HexBytes imageId,
    long vmpl,
    long signatureAlgorithm,
    HexBytes currentTcb,
    PlatformInfo platformInfo,
    SignerInfo signer,
    ReportData reportData,
    HexBytes measurement,
    HexBytes hostData,
    HexBytes idKeyDigest,
    HexBytes authorKeyDigest,
    HexBytes reportId,
    HexBytes reportIdMa,
    HexBytes reportedTcb,
    Optional<Cpuid> cpuid,
    HexBytes chipId,
    HexBytes committedTcb,
    FirmwareVersion currentFirmware,
    FirmwareVersion committedFirmware,
    HexBytes launchTcb,
    long launchMitigations,
    long currentMitigations,
    List<String> reservedSet,
    HexBytes signedPart,
    HexBytes signature) {

  public static final int BYTES = 1184;

  /** The signature covers everything before this offset. */
  public static final int SIGNED_BYTES = 0x2a0;

  public SnpReport {
    reservedSet = List.copyOf(reservedSet);
  }

  public static SnpReport parse(byte[] bytes) throws Malformed {
    return new SnpReportReader(bytes).read();
  }

  /** Version of the security processor's firmware. */
  public record FirmwareVersion(int build, int minor, int major) {
    /** As AMD writes it: {@code 1.55.40}. */
    @Override
    public String toString() {
      return major + "." + minor + "." + build;
    }
  }
}
