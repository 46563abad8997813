package dev.leasehold.core.pki;

/** Who issues certificates and revocation lists: by which algorithm, and where to get them. */
public enum Vendor {
  AMD(SignatureRule.RSA_PSS_SHA384, "AMD's key server"),
  INTEL(SignatureRule.ECDSA_SHA256, "Intel's provisioning certification service"),
  AWS(SignatureRule.ECDSA_SHA384, "the enclave's own security module"),
  NVIDIA(SignatureRule.ECDSA_SHA384, "the GPU or NVIDIA's reference-measurement service"),
  GOOGLE(SignatureRule.RSA_SHA256, "Google's EK/AK authority");

  private final SignatureRule rule;
  private final String source;

  Vendor(SignatureRule rule, String source) {
    this.rule = rule;
    this.source = source;
  }

  public SignatureRule rule() {
    return rule;
  }

  /** Where its certificates and lists are fetched, in words. */
  public String source() {
    return source;
  }
}
