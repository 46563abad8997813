package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.evidence.EnvironmentClaims;
import dev.leasehold.core.evidence.VendorTcb;
import dev.leasehold.core.evidence.azure.AzureClaims;
import dev.leasehold.core.evidence.dcap.DcapClaims;
import dev.leasehold.core.evidence.dcap.TcbStatus;
import dev.leasehold.core.evidence.dcap.TdxClaims;
import dev.leasehold.core.evidence.nitro.NitroClaims;
import dev.leasehold.core.evidence.snp.GuestPolicy;
import dev.leasehold.core.evidence.snp.PlatformInfo;
import dev.leasehold.core.evidence.snp.SnpClaims;
import dev.leasehold.core.evidence.snp.Tcb;
import dev.leasehold.core.lease.Measurements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes the policy that a genuine piece of evidence is the model of: exactly its program, on
 * platforms no worse than its own.
 */
public final class FirstPolicy {
  private static final long MAX_CRL_AGE_MS = Duration.ofDays(7).toMillis();
  private static final String UP_TO_DATE = "UpToDate";

  /** No policy says these of what it accepts. */
  private static final Set<String> NEVER =
      Set.of(VendorTcb.UNWORDED.status(), TcbStatus.REVOKED.word(), TcbStatus.NOT_SUPPORTED.word());

  private FirstPolicy() {}

  /**
   * The first version of a measurement set (protocol §6.1).
   *
   * @param program name of what was measured, for people
   * @param config SHA-256 of the enclave's configuration, which no evidence shows by itself
   */
  public static Measurements of(
      EnvironmentClaims claims, Id setId, String program, Hash config, Instant issuedAt) {
    return new Measurements(
        setId,
        1,
        Optional.empty(),
        issuedAt.toEpochMilli(),
        List.of(
            new Measurements.Entry(
                Appraiser.tee(claims),
                claims.measurement(),
                program,
                config,
                unlessZero(Appraiser.hostData(claims)),
                registers(claims))),
        policy(claims),
        issuedAt.toEpochMilli(),
        List.of());
  }

  private static Measurements.Policy policy(EnvironmentClaims claims) {
    return switch (claims) {
      case SnpClaims snp -> amd(snp);
      case DcapClaims dcap -> worded(dcap.tcb());
      case NitroClaims nitro -> worded(nitro.tcb());
      case AzureClaims azure -> policy(azure.hardware());
    };
  }

  /** Exactly what is loaded now; what a program extends itself may have to be opened by hand. */
  private static List<String> registers(EnvironmentClaims claims) {
    return claims instanceof TdxClaims tdx
        ? tdx.report().rtmr().stream().map(HexBytes::hex).toList()
        : List.of();
  }

  /** A level that its vendor has withdrawn or does not know is nobody's model. */
  private static Measurements.Policy worded(VendorTcb tcb) {
    return new Measurements.Policy(
        List.of(),
        Map.of(),
        tcb.evaluation(),
        List.of(NEVER.contains(tcb.status()) ? UP_TO_DATE : tcb.status()),
        tcb.advisories(),
        true,
        false,
        true,
        MAX_CRL_AGE_MS);
  }

  private static Measurements.Policy amd(SnpClaims claims) {
    GuestPolicy guest = claims.report().policy();
    PlatformInfo platform = claims.report().platformInfo();
    String family = claims.family().wireName();
    return new Measurements.Policy(
        List.of(family),
        Map.of(family, lower(claims.reportedTcb(), claims.launchTcb())),
        0,
        List.of(UP_TO_DATE),
        List.of(),
        guest.smtAllowed() || platform.smtEnabled(),
        guest.ciphertextHidingRequired() && platform.ciphertextHidingEnabled(),
        platform.aliasCheckComplete(),
        MAX_CRL_AGE_MS);
  }

  /** Both the reported and the launch TCB are held to one floor. */
  private static Measurements.TcbFloor lower(Tcb a, Tcb b) {
    return new Measurements.TcbFloor(
        Math.min(a.fmc(), b.fmc()),
        Math.min(a.bootloader(), b.bootloader()),
        Math.min(a.tee(), b.tee()),
        Math.min(a.snp(), b.snp()),
        Math.min(a.microcode(), b.microcode()));
  }

  /** No host data is written as none; zeros of one kind would not fit another. */
  private static HexBytes unlessZero(HexBytes value) {
    return value.hex().chars().allMatch(c -> c == '0') ? HexBytes.EMPTY : value;
  }
}
