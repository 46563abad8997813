package dev.leasehold.core.evidence.azure;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Evidence;
import dev.leasehold.core.evidence.tpm.TpmQuote;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * The evidence of an Azure confidential VM.
 *
 * @param hcl what the paravisor left in the TPM
 * @param hardware the report in it with its endorsement, or for TDX the quote made of it
 * @param quote the TPM's, in the SHA-256 bank
 */
public record AzureEvidence(HclReport hcl, Evidence hardware, TpmQuote quote) implements Evidence {

  public static AzureEvidence parse(byte[] bytes) throws Malformed {
    return parse(bytes, List.of());
  }

  /**
   * Reads one of Trustee's containers for Azure.
   *
   * @param certs candidates beside those of the container
   */
  public static AzureEvidence parse(byte[] bytes, List<X509Certificate> certs) throws Malformed {
    return AzureJson.parse(bytes, certs);
  }
}
