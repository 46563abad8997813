package dev.leasehold.core.appraise;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.azure.AzureClaims;
import dev.leasehold.core.evidence.snp.SnpClaims;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a policy says about an Azure confidential VM: all it says about the hardware below, and that
 * the paravisor, on whose word the TPM stands, is Microsoft's.
 */
final class AzureChecks {
  /** Digests of the keys by which Microsoft signs its paravisor's launch on SEV-SNP. */
  private static final Set<HexBytes> PARAVISOR_SIGNERS =
      Set.of(
          new HexBytes(
              "0356215882a825279a85b300b0b742931d113bf7e32dde2e50ffde7ec743ca49"
                  + "1ecdd7f336dc28a6e0b2bb57af7a44a3"),
          new HexBytes(
              "942fd93ebde6ea7a96efadeafc60f1c6b3d10e703b1dafd7555b92f7f3d32d0e"
                  + "006767648cba5b102af3d65756af4177"));

  private final AzureClaims claims;
  private final PlatformPolicy policy;

  AzureChecks(AzureClaims claims, PlatformPolicy policy) {
    this.claims = claims;
    this.policy = policy;
  }

  List<Check> all(Instant now) {
    List<Check> out = new ArrayList<>(PlatformChecks.of(claims.hardware(), policy, now));
    if (claims.hardware() instanceof SnpClaims snp) {
      out.add(paravisorIsMicrosofts(snp));
    }
    out.add(TpmChecks.hashIsStrong(claims.signatureHash(), claims.banks().keySet()));
    claims.log().ifPresent(log -> out.add(EventLogCheck.ofPcrs(log, claims.banks())));
    return out;
  }

  /** Anybody may launch a VM of his own that calls itself a paravisor and invents a TPM. */
  private static Check paravisorIsMicrosofts(SnpClaims snp) {
    HexBytes signer = snp.report().idKeyDigest();
    return Check.of(
        PARAVISOR_SIGNERS.contains(signer),
        "id-key-digest",
        "a key of Microsoft's paravisor",
        signer.hex(),
        "Azure confidential VM guest attestation, HCL report",
        "take the evidence inside an Azure confidential VM");
  }
}
