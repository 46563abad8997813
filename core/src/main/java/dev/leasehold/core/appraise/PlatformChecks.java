package dev.leasehold.core.appraise;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.VerifiedClaims;
import dev.leasehold.core.evidence.azure.AzureClaims;
import dev.leasehold.core.evidence.dcap.DcapClaims;
import dev.leasehold.core.evidence.nitro.NitroClaims;
import dev.leasehold.core.evidence.nvidia.NvidiaClaims;
import dev.leasehold.core.evidence.snp.SnpClaims;
import dev.leasehold.core.evidence.tpm.TpmClaims;
import java.time.Instant;
import java.util.List;

/**
 * What a policy says about a genuine platform, whatever it runs. Every check is made and listed.
 */
public final class PlatformChecks {
  private PlatformChecks() {}

  public static List<Check> of(VerifiedClaims claims, PlatformPolicy policy, Instant now) {
    return switch (claims) {
      case SnpClaims snp -> new SnpChecks(snp, policy).all(now);
      case NvidiaClaims nvidia -> new NvidiaChecks(nvidia, policy).all(now);
      case NitroClaims nitro -> new NitroChecks(nitro).all();
      case DcapClaims dcap -> new DcapChecks(dcap, policy).all(now);
      case AzureClaims azure -> new AzureChecks(azure, policy).all(now);
      case TpmClaims tpm -> new TpmChecks(tpm).all();
    };
  }
}
