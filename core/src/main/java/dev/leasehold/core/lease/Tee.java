package dev.leasehold.core.lease;

import dev.leasehold.core.json.Wire;

/** The kinds of trusted execution environment that evidence may come from (protocol §6.1). */
public enum Tee {
  @Wire("sev-snp")
  SEV_SNP,
  @Wire("tdx")
  TDX,
  @Wire("sgx")
  SGX,
  @Wire("nitro")
  NITRO,
  @Wire("azure-snp")
  AZURE_SNP,
  @Wire("azure-tdx")
  AZURE_TDX
}
